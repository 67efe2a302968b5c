#!/usr/bin/env python3
"""Effects of what each `probe_N` of a library takes the address of: probes.py LIBRARY > effects.json (scripts/std/compiled-probes.ts makes the library).
Read like libstd.py reads the compiled std: direct calls and resolved jumps only, panics and what runs while one passes cut."""
import json, re, sys, os
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import machine
from libstd_rows import row_of, without_io_errors
g, taken, indirect = machine.load(sys.argv[1], normal_only=True)
without = without_io_errors(g)
rows = {}
for probe in [f for f in g if re.match(r"^probe_\d+$", f)]:
    targets = [t for t in taken[probe] if t in g]
    if len(targets) == 1: rows[probe] = row_of(g, without, taken, indirect, targets[0])
json.dump(rows, sys.stdout, indent=0, sort_keys=True)
