"""What one function of a loaded binary does (machine.py): its effects with and without drops of an io::Error, the C symbols, the calls through pointers."""
import re
import machine
plain = lambda x: re.sub(r"\[[0-9a-f]{16}\]", "", machine.DEM.get(x, x))
IO_ERROR = re.compile(r"drop_in_place::<(core::result::Result<[^>]*, )?std::io::error::(Error|Custom|repr_bitpacked::Repr)>|Box<std::io::error::Custom>")
def without_io_errors(g):
    return {f: {t for t in outs if not IO_ERROR.search(plain(t))} for f, outs in g.items()}
def row_of(g, without, taken, indirect, f):
    effects = lambda found: sorted(x for x in found if x != "panic")
    _, found, libc, ind, _ = machine.reach(g, taken, indirect, f, use_taken=False)
    _, less, _, _, _ = machine.reach(without, taken, indirect, f, use_taken=False)
    return {"effects": effects(found), "withoutIoErrors": effects(less), "panic": "panic" in found,
            "libc": sorted(x for x in libc if machine.PLT.match(x) and not x.startswith("_R")), "indirect": ind}
