#!/usr/bin/env python3
"""oracle.py - compiled-program referee for signal-handler reachability.

  oracle.py build   PROJ|crate@ver[:feat,feat][:nodefault] [--mode abort|unwind] [--main FILE]
  oracle.py analyse PROJ|crate@ver... --entry REGEX [--entry REGEX] [--out X.json] [--mode abort|unwind]
  oracle.py compare TRUTH.json GRAPH.json [--json OUT]    (functions; GRAPH.json as `sigsafe-lint graph --format json` prints it)
  oracle.py sites   TRUTH.json REPORT.json                (effects; REPORT.json as `sigsafe-lint --format json` prints it)
  oracle.py show    TRUTH.json [--kind alloc]
  oracle.py self    (unit checks of the name normaliser)

See README.md beside this file for the method and its limits.
"""
import argparse, collections, gzip, json, os, pickle, re, subprocess, sys, tempfile, time, hashlib

HERE = os.path.dirname(os.path.abspath(__file__))
WORK = os.environ.get("REFEREE_WORK") or os.path.join(tempfile.gettempdir(), "sigsafe-referee")
TRIPLE = "x86_64-unknown-linux-gnu"
BACKSTOP = None

# ------------------------------------------------------------------------------------------------ build
def project_dir(spec, main=None, name=None):
    """A directory is used as is; crate@ver[:feat,feat][:nodefault] makes a binary crate depending on it."""
    if os.path.isdir(spec):
        return os.path.abspath(spec)
    m = re.match(r"^([\w-]+)@([^:]+)(?::([\w,/-]*))?(?::(nodefault))?$", spec)
    if not m:
        sys.exit(f"not a directory and not crate@version: {spec}")
    crate, ver, feats, nod = m.groups()
    d = os.path.join(WORK, "programs", name or re.sub(r"\W+", "_", spec))
    os.makedirs(d + "/src", exist_ok=True)
    fl = ", ".join(f'"{f}"' for f in (feats or "").split(",") if f)
    open(d + "/Cargo.toml", "w").write(
        f'[package]\nname = "{os.path.basename(d).lower()}"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\n'
        f'{crate} = {{ version = "={ver}", default-features = {"false" if nod else "true"}, features = [{fl}] }}\n[workspace]\n')
    if main:
        open(d + "/src/main.rs", "w").write(open(main).read())
    elif not os.path.exists(d + "/src/main.rs"):
        open(d + "/src/main.rs", "w").write(f"#[allow(unused_imports)]\nuse {crate.replace('-', '_')} as _;\nfn main() {{}}\n")
    return d


def build(proj, mode="abort", target_dir=None, quiet=True):
    """cargo build of the project; returns (binary, [.ll files of every crate linked into it])."""
    env = dict(os.environ)
    env.update(CARGO_INCREMENTAL="0", CARGO_PROFILE_DEV_OPT_LEVEL="0", CARGO_PROFILE_DEV_DEBUG="2",
               CARGO_PROFILE_DEV_CODEGEN_UNITS="1", CARGO_PROFILE_DEV_LTO="off",
               CARGO_PROFILE_DEV_OVERFLOW_CHECKS="false", CARGO_PROFILE_DEV_DEBUG_ASSERTIONS="false",
               CARGO_PROFILE_DEV_PANIC=("abort" if mode == "abort" else "unwind"),
               RUSTC_WRAPPER=HERE + "/rustc-wrap.sh", ORACLE_MODE=mode,
               CARGO_TARGET_DIR=target_dir or f"{WORK}/target/{mode}")
    env.pop("RUSTFLAGS", None)
    p = subprocess.run(["cargo", "build", "--target", TRIPLE, "--message-format=json-render-diagnostics"],
                       cwd=proj, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if p.returncode:
        sys.exit("cargo build failed in %s:\n%s" % (proj, p.stderr[-4000:]))
    lls, binary = [], None
    for line in p.stdout.splitlines():
        if not line.startswith("{"):
            continue
        m = json.loads(line)
        if m.get("reason") != "compiler-artifact":
            continue
        for f in m["filenames"]:
            if f"/{TRIPLE}/" not in f:
                continue
            stem = None
            if f.endswith(".rlib"):
                stem = os.path.basename(f)[3:-5]
                base = os.path.dirname(f)
                if not base.endswith("/deps"):
                    base += "/deps"
                ll = f"{base}/{stem}.ll"
                if not os.path.exists(ll) and "-" not in stem:
                    ll = None
                if ll and os.path.exists(ll):
                    lls.append(ll)
        if m.get("executable"):
            binary = m["executable"]
            d = os.path.dirname(binary) + "/deps"
            nm = m["target"]["name"].replace("-", "_")
            # the hashed name of this executable: same inode (hard link) as the one in deps/
            ino = os.stat(binary).st_ino
            for x in os.listdir(d):
                if x.startswith(nm + "-") and "." not in x and os.stat(f"{d}/{x}").st_ino == ino:
                    lls.append(f"{d}/{x}.ll")
                    binary = f"{d}/{x}"
    if not binary:
        sys.exit("no executable produced")
    return binary, lls

# ------------------------------------------------------------------------------------------- name tools
def demangle_many(names):
    names = list(names)
    if not names:
        return {}
    p = subprocess.run(["c++filt", "-s", "rust"], input="\n".join(names) + "\n", text=True, stdout=subprocess.PIPE)
    return {a: re.sub(r"(?<=\w)\[[0-9a-f]{4,16}\]", "", b) for a, b in zip(names, p.stdout.split("\n"))}


def _skip(s, i):
    """s[i] == '<': index just after the matching '>' ('->' is not a bracket)."""
    d = 0
    while i < len(s):
        c = s[i]
        if c == "<":
            d += 1
        elif c == ">" and s[i - 1] != "-" and s[i - 1] != "=":
            d -= 1
            if d == 0:
                return i + 1
        i += 1
    return i


def normalise(n):
    """Demangled v0 (or legacy) name -> path without hashes, generic arguments, lifetimes or shims.
       <a::B<T>>::m -> a::B::m ; <T as x::Tr<U>>::m -> <T as x::Tr>::m ; f::<T> -> f ; {closure#0} kept."""
    n = re.sub(r"::h[0-9a-f]{16}$", "", n)
    n = re.sub(r"(?:::)?\{shim:[^}]*\}", "", n)
    n = re.sub(r"\.llvm\.\d+$", "", n)
    n = re.sub(r"for<[^>]*> ", "", n)
    n = re.sub(r"'[a-z_][a-z0-9_]*\b ?", "", n)
    n = re.sub(r"\[([0-9a-f]{8,16})\]", "", n)

    def norm(s):
        out, i = [], 0
        while i < len(s):
            c = s[i]
            if c == "<":
                j = _skip(s, i)
                inner = s[i + 1:j - 1]
                prev = out[-1] if out else ""
                if prev and (prev[-1].isalnum() or prev[-1] in "_}"):
                    pass                                    # generic args of a type: dropped
                elif prev.endswith("::"):
                    out[-1] = prev[:-2]                     # turbofish: dropped
                    if s[j:j + 2] == "::" and False:
                        pass
                else:
                    k = _top_as(inner)
                    if k >= 0:
                        out.append("<" + norm(inner[:k]) + " as " + norm(inner[k + 4:]) + ">")
                    else:
                        x = norm(inner)
                        # <a::B>::m -> a::B::m, but keep brackets for slices, refs, dyn, ...
                        out.append(x if re.match(r"^[\w:{}#]+$", x) else "<" + x + ">")
                i = j
                continue
            if out and not out[-1].startswith("<"):
                out[-1] += c
            else:
                out.append(c)
            i += 1
        return "".join(out)
    r = norm(n)
    r = re.sub(r"::+", "::", r)
    return r.strip()


def _top_as(s):
    d, i = 0, 0
    while i < len(s):
        c = s[i]
        if c in "<([{":
            d += 1
        elif c in ")]}" or (c == ">" and s[i - 1] not in "-="):
            d -= 1
        elif d == 0 and s.startswith(" as ", i):
            return i
        i += 1
    return -1


def fold_closure(path):
    """a::b::{closure#0}::{closure#1} -> a::b"""
    return re.sub(r"(::\{closure[^}]*\})+$", "", path)

# --------------------------------------------------------------------------------------------- IR parse
NAME = r'(?:[\w.$-]+|"[^"]*")'
RE_DEF = re.compile(r"^define (.*?)@(" + NAME + r")\((.*)$")
RE_DECL = re.compile(r"^declare (.*?)@(" + NAME + r")\((.*)$")
RE_CALLEE = re.compile(r"([@%])(" + NAME + r")\(")
RE_AT = re.compile(r"@(" + NAME + r")")
RE_KCFI = re.compile(r'"kcfi"\(i32 (-?\d+)\)')
RE_KTYPE = re.compile(r"!kcfi_type !(\d+)")
RE_DBG = re.compile(r"!dbg !(\d+)")
RE_GEP = re.compile(r"^\s*%(" + NAME + r") = getelementptr inbounds(?: nuw)? i8, ptr %(" + NAME + r"), i64 (\d+)")
RE_LOAD = re.compile(r"^\s*%(" + NAME + r") = load ptr, ptr %(" + NAME + r"),")
RE_LOADV = re.compile(r"^\s*%(" + NAME + r") = load ptr, ptr (?:getelementptr inbounds(?: nuw)? \(i8, ptr @(" + NAME + r"), i64 (\d+)\)|@(" + NAME + r")),.*!invariant\.load")
RE_STR = re.compile(r'c"[^"]*"')
RE_LABEL = re.compile(r"^([\w.$-]+|\"[^\"]+\"):")


class Fn:
    __slots__ = ("sym", "mod", "dbg", "ktype", "sig", "calls", "refs", "internal", "succ", "abi_c", "conv", "attrs", "noret")

    def __init__(self, sym, mod):
        self.sym, self.mod = sym, mod
        self.dbg = self.ktype = None
        self.calls = []     # (kind, target|None, slot|None, kcfi|None, unwind?, dbgline, argrefs)
        self.refs = []      # (global or function symbol, unwind?)
        self.succ = None


def unq(s):
    return s[1:-1] if s.startswith('"') else s


def parse_ll(path):
    """-> dict(fns, decls, globals, di). Cached by mtime+size."""
    cache = path + f".pickle7"
    st = os.stat(path)
    if os.path.exists(cache) and os.stat(cache).st_mtime >= st.st_mtime:
        try:
            return pickle.load(open(cache, "rb"))
        except Exception:
            pass
    mod = os.path.basename(path)[:-3]
    fns, decls, globs = {}, {}, {}
    mdk = {}                 # !N -> kcfi int
    disub, difile, dins, dity, digv, digve, diloc_line = {}, {}, {}, {}, {}, {}, {}
    cur = None
    block = None
    pend = None
    noret = set()
    with open(path, errors="replace") as fh:
        for line in fh:
            if cur is not None:
                if line.startswith("}"):
                    _finish(cur)
                    cur = None
                    continue
                s = line.strip()
                if not s or s[0] == ";" or s.startswith("#dbg"):
                    continue
                if line[0] not in " \t":
                    m = RE_LABEL.match(line)
                    if m:
                        block = unq(m.group(1))
                        continue
                st_ = cur.succ
                m = RE_GEP.match(line)
                if m:
                    st_["gep"][m.group(1)] = (m.group(2), int(m.group(3)))
                    # constant geps on globals fall through to refs
                m = RE_LOADV.match(line)
                if m:
                    st_["load"][m.group(1)] = (unq(m.group(2) or m.group(4)), int(m.group(3) or 0))
                    continue
                m = RE_LOAD.match(line)
                if m and "!invariant.load" in line:
                    src = m.group(2)
                    st_["load"][m.group(1)] = st_["gep"].get(src, (src, 0))[1]
                elif m:
                    st_["pload"].add(m.group(1))
                if " asm " in line and ("call " in line or "callbr" in line):
                    mm = re.search(r'asm [\w ]*"([^"]*)"', line)
                    cur.calls.append(["asm", mm.group(1) if mm else "?", None, None, block, None, []])
                    continue
                isinv = re.match(r"^(%[\w.$-]+ = |%\"[^\"]*\" = )?(?:(?:tail|musttail|notail) )?(call|invoke) ", s)
                if isinv:
                    body = s
                    m = RE_CALLEE.search(body)
                    if not m:
                        continue
                    rest = RE_STR.sub("", body[m.end():])
                    dbg = RE_DBG.search(rest)
                    argrefs = [unq(x) for x in RE_AT.findall(rest)]
                    if m.group(1) == "@":
                        t = unq(m.group(2))
                        if not t.startswith("llvm."):
                            cur.calls.append(["direct", t, None, None, block, dbg and dbg.group(1), argrefs])
                        elif t.startswith(("llvm.memcpy", "llvm.memmove", "llvm.memset")):
                            cur.calls.append(["direct", t.split(".")[1], None, None, block, dbg and dbg.group(1), argrefs])
                    else:
                        reg = unq(m.group(2))
                        k = RE_KCFI.search(rest)
                        slot = st_["load"].get(reg)
                        head = body[:m.start()]
                        ret = re.sub(r"^.*?(call|invoke) ", "", head).strip()
                        nargs = _argtypes(body[m.end():])
                        exact = None
                        if isinstance(slot, tuple):
                            exact, slot = slot
                        cur.calls.append(["vtable" if slot is not None else "fnptr", exact,
                                          None if slot is None else slot // 8,
                                          int(k.group(1)) if k else None, block, dbg and dbg.group(1), argrefs,
                                          ret + "(" + ",".join(nargs) + ")"])
                    if isinv.group(2) == "invoke":
                        pend = True
                    continue
                if s.startswith("to label"):
                    m = re.match(r"to label %(" + NAME + r") unwind label %(" + NAME + ")", s)
                    if m:
                        st_["succ"][block].append(unq(m.group(1)))
                    continue
                if s.startswith(("br ", "switch ", "i1 ", "i8 ", "i16 ", "i32 ", "i64 ", "i128 ", "callbr", "indirectbr")):
                    for x in re.findall(r"label %(" + NAME + ")", s):
                        st_["succ"][block].append(unq(x))
                    continue
                if "@" in s:
                    for a in RE_AT.findall(RE_STR.sub("", s)):
                        cur.refs.append((unq(a), block))
                continue
            c = line[0]
            if c == "d":
                m = RE_DEF.match(line)
                if m:
                    f = Fn(unq(m.group(2)), mod)
                    f.internal = " internal " in " " + m.group(1) or " private " in " " + m.group(1)
                    f.sig = _sig(m.group(1), m.group(3))
                    d = RE_DBG.search(line)
                    f.dbg = d and d.group(1)
                    f.attrs = re.findall(r" #(\d+)", line)
                    k = RE_KTYPE.search(line)
                    f.ktype = k and k.group(1)
                    f.succ = {"gep": {}, "load": {}, "pload": set(), "succ": collections.defaultdict(list)}
                    fns[f.sym] = cur = f
                    block = "start"
                    f.succ["first"] = "start"
                    continue
                m = RE_DECL.match(line)
                if m:
                    k = RE_KTYPE.search(line)
                    decls[unq(m.group(2))] = (k and k.group(1), _sig(m.group(1), m.group(3)))
            elif c == "@":
                m = re.match(r"^@(" + NAME + r") = (.*)$", line)
                if m:
                    globs[unq(m.group(1))] = _global(m.group(2))
            elif c == "a" and line.startswith("attributes #"):
                m = re.match(r"attributes #(\d+) = \{(.*)\}", line)
                if m and re.search(r"\bnoreturn\b", m.group(2)):
                    noret.add(m.group(1))
            elif c == "!":
                m = re.match(r"^!(\d+) = (distinct )?!?(.*)$", line)
                if not m:
                    continue
                i, body = m.group(1), m.group(3)
                if body.startswith("DISubprogram("):
                    disub[i] = (_f(body, "name"), _f(body, "linkageName"), _r(body, "scope"), _r(body, "file"), _n(body, "line"))
                elif body.startswith("DIFile("):
                    difile[i] = (_f(body, "filename"), _f(body, "directory"))
                elif body.startswith("DINamespace("):
                    dins[i] = (_f(body, "name"), _r(body, "scope"))
                elif body.startswith("DICompositeType("):
                    dity[i] = (_f(body, "name"), _r(body, "scope"))
                elif body.startswith("DIGlobalVariable("):
                    digv[i] = (_f(body, "name"), _f(body, "linkageName"))
                elif body.startswith("DIGlobalVariableExpression("):
                    digve[i] = _r(body, "var")
                elif body.startswith("DILocation("):
                    diloc_line[i] = _n(body, "line")
                elif body.startswith("{i32 "):
                    mm = re.match(r"\{i32 (-?\d+)", body)
                    if mm:
                        mdk[i] = int(mm.group(1))
    for f in fns.values():
        f.noret = any(a in noret for a in f.attrs)
        f.ktype = mdk.get(f.ktype) if f.ktype else None
        for c in f.calls:
            if c[5]:
                c[5] = diloc_line.get(c[5])
    decls = {k: (mdk.get(v[0]) if v[0] else None, v[1]) for k, v in decls.items()}
    used = {f.dbg for f in fns.values()}
    out = dict(mod=mod, fns=fns, decls=decls, globs={}, disub={k: v for k, v in disub.items() if k in used},
               difile=difile, dins=dins, dity=dity)
    for g, v in globs.items():
        if v["dbg"]:
            v["di"] = digv.get(digve.get(v["dbg"]), (None, None))[0]
        out["globs"][g] = v
    pickle.dump(out, open(cache, "wb"), protocol=4)
    return out


def _finish(f):
    """mark calls/refs in blocks reachable only by unwinding."""
    succ = f.succ["succ"]
    seen, todo = set(), ["start"]
    while todo:
        b = todo.pop()
        if b in seen:
            continue
        seen.add(b)
        todo += succ.get(b, ())
    if not succ:
        seen = None
    for c in f.calls:
        c[4] = bool(seen is not None and c[4] not in seen)
    f.refs = list({(a, bool(seen is not None and b not in seen)) for a, b in f.refs})
    f.succ = None


def _f(b, k):
    m = re.search(r"\b" + k + r': "((?:[^"\\]|\\.)*)"', b)
    return m.group(1) if m else None


def _r(b, k):
    m = re.search(r"\b" + k + r": !(\d+)", b)
    return m.group(1) if m else None


def _n(b, k):
    m = re.search(r"\b" + k + r": (\d+)", b)
    return int(m.group(1)) if m else None


def _split(s):
    """argument list text (after the opening paren) -> list of args at depth 0"""
    out, d, cur = [], 0, ""
    for ch in s:
        if ch in "([{<":
            d += 1
        elif ch in ")]}>":
            if d == 0:
                break
            d -= 1
        if ch == "," and d == 0:
            out.append(cur.strip())
            cur = ""
        else:
            cur += ch
    if cur.strip():
        out.append(cur.strip())
    return out


def _ty(a):
    if a.startswith("ptr"):
        return "sret" if "sret(" in a else "ptr"
    return a.split(" ")[0]


def _argtypes(s):
    return [_ty(a) for a in _split(s)]


def _retty(h):
    m = re.search(r"(\{[^}]*\}|\[[^\]]*\]|<[^>]*>|void|ptr|i\d+|float|double|half)\s*$", h.strip())
    return m.group(1) if m else h.strip()


def _sig(head, rest):
    return _retty(head) + "(" + ",".join(_argtypes(rest)) + ")"


def _global(body):
    dbg = RE_DBG.search(body)
    s = RE_STR.sub('c""', body)
    refs = [unq(x) for x in RE_AT.findall(s)]
    slots = None
    if "alias " in body[:80]:
        return dict(refs=refs, slots=None, dbg=None, alias=refs[0] if refs else None, tls=False)
    m = re.search(r"constant <\{(.*?)\}> <\{", body)
    if m:
        off, ptrs = 0, []
        for t in [x.strip() for x in m.group(1).split(",")]:
            if t == "ptr":
                ptrs.append(off)
                off += 8
            else:
                mm = re.match(r"\[(\d+) x i8\]", t)
                off += int(mm.group(1)) if mm else 0
        vals = re.findall(r"ptr (@" + NAME + r"|null|getelementptr[^,]*)", s[m.end() - 2 - 0:])
        if len(vals) == len(ptrs):
            slots = {o // 8: unq(v[1:]) for o, v in zip(ptrs, vals) if v.startswith("@")}
    return dict(refs=refs, slots=slots, dbg=dbg and dbg.group(1), alias=None, tls="thread_local" in body[:60])

# ---------------------------------------------------------------------------------- machine-code parse
RE_INS = re.compile(r"^\s*([0-9a-f]+):\t(\S+)\s*(.*)$")


def parse_machine(binary, skip):
    """call graph of the functions of the final binary that no .ll defines (std, C objects).
       -> {sym: dict(addr, size, calls=[(kind,target|slot,callsite)], refs=[(kind,x)])}, got, addr2sym"""
    cache = f"{binary}.mach5"
    if os.path.exists(cache) and os.stat(cache).st_mtime >= os.stat(binary).st_mtime:
        try:
            return pickle.load(open(cache, "rb"))
        except Exception:
            pass
    sy = subprocess.run(["nm", "-S", "--defined-only", binary], stdout=subprocess.PIPE, text=True).stdout
    addr2 = {}
    size = {}
    data = {}
    for l in sy.splitlines():
        p = l.split()
        if len(p) == 4 and p[2] in "tTwWiu":
            a = int(p[0], 16)
            addr2.setdefault(a, []).append(p[3])
            size[a] = int(p[1], 16)
        elif len(p) == 3 and p[1] in "tT":
            addr2.setdefault(int(p[0], 16), []).append(p[2])
        elif len(p) == 4:
            data[int(p[0], 16)] = (p[3], int(p[1], 16))
    rel = subprocess.run(["readelf", "-rW", binary], stdout=subprocess.PIPE, text=True).stdout
    got = {}
    for l in rel.splitlines():
        m = re.match(r"^([0-9a-f]{16})\s+[0-9a-f]+ (R_X86_64_\w+)\s+(.*)$", l)
        if not m:
            continue
        a = int(m.group(1), 16)
        if m.group(2) == "R_X86_64_RELATIVE":
            got[a] = ("addr", int(m.group(3).strip(), 16))
        else:
            p = m.group(3).split()
            got[a] = ("ext", p[1].split("@")[0]) if len(p) > 1 else None
    dis = subprocess.Popen(["objdump", "-d", "--no-show-raw-insn", "-j", ".text", "-j", ".plt", "-j", ".plt.got", binary],
                           stdout=subprocess.PIPE, text=True)
    out, cur = {}, None
    funcs = []
    for l in dis.stdout:
        if l and l[0] == "0" and l.rstrip().endswith(">:"):
            a = int(l.split(" ", 1)[0], 16)
            names = addr2.get(a, [])
            if names and all(x in skip for x in names):
                cur = None
                continue
            n = next((x for x in names if x not in skip), None) or l.split("<", 1)[1].rstrip()[:-2]
            cur = [n, a, []]
            funcs.append(cur)
            continue
        if cur is None:
            continue
        m = RE_INS.match(l)
        if m:
            op, args = m.group(2), m.group(3)
            while op in ("notrack", "bnd", "lock", "rep", "repz", "repnz", "data16", "cs"):
                op, _, args = args.partition(" ")
                args = args.strip()
            cur[2].append((int(m.group(1), 16), op, args))
    names = {x for ns in addr2.values() for x in ns} | {v[1] for v in got.values() if v and v[0] == "ext"}
    dm = demangle_many(names)
    nort = {x for x in names if x in ("abort", "_exit", "exit", "_Unwind_Resume", "_Unwind_RaiseException", "__stack_chk_fail", "__assert_fail")
            or SINKS_PANIC.search(normalise(dm.get(x, x)))}
    rd = SectionReader(binary)
    for n, a, ins in funcs:
        calls, refs, hist = [], [], {}
        if not ins:
            continue
        idx = {pc: i for i, (pc, _, _) in enumerate(ins)}
        end = ins[-1][0] + 1
        # 1. control flow from the entry: landing pads are not reached by it
        succ, tables, indj = {}, set(), []
        for i, (pc, op, args) in enumerate(ins):
            mm = re.search(r"# ([0-9a-f]+)", args)
            ripa = int(mm.group(1), 16) if mm else None
            if op.startswith("lea") and ripa is not None and ripa not in addr2:
                tables.add(ripa)
            if op in ("ret", "retq", "ud2", "hlt", "int3"):
                succ[i] = []
            elif op[0] == "j":
                t = re.match(r"([0-9a-f]+)", args) if not args.startswith("*") else None
                o = []
                if t and int(t.group(1), 16) in idx:
                    o.append(idx[int(t.group(1), 16)])
                if op not in ("jmp", "jmpq"):
                    o.append(i + 1)
                elif args.startswith("*%") or (args.startswith("*") and ripa is None):
                    indj.append(i)
                succ[i] = o
            elif op in ("call", "callq"):
                tn = None
                t = re.match(r"([0-9a-f]+)", args)
                if t:
                    tn = addr2.get(int(t.group(1), 16))
                elif ripa in got and got[ripa]:
                    k, v = got[ripa]
                    tn = [v] if k == "ext" else addr2.get(v)
                succ[i] = [] if tn and any(x in nort for x in tn) else [i + 1]
            else:
                succ[i] = [i + 1]
        if indj:
            tg = set()
            for tb in tables:
                x = tb
                while True:
                    v = rd.i32(x)
                    if v is None or (tb + v) not in idx:
                        break
                    tg.add(idx[tb + v])
                    x += 4
            for i in indj:
                succ[i] = list(tg)
        live, todo = set(), [0]
        while todo:
            i = todo.pop()
            if i in live or i >= len(ins):
                continue
            live.add(i)
            todo += succ[i]
        rec = out.setdefault(n, dict(addr=a, size=size.get(a, 0), calls=calls, refs=refs, dead=len(ins) - len(live)))
        # 2. edges of the live instructions
        for i, (pc, op, args) in enumerate(ins):
            if i not in live:
                continue
            mm = re.search(r"# ([0-9a-f]+)", args)
            ripa = int(mm.group(1), 16) if mm else None
            if op in ("call", "callq") or op[0] == "j":
                if args.startswith("*"):
                    if ripa is not None and ripa in got and got[ripa]:
                        k, v = got[ripa]
                        if k == "ext":
                            calls.append(("direct", v, pc))
                        elif v in addr2:
                            calls.append(("direct", addr2[v][0], pc))
                        else:
                            calls.append(("ind", None, pc))
                    else:
                        d = re.match(r"\*(0x[0-9a-f]+)?\(%\w+\)$", args)
                        r = re.match(r"\*%(\w+)$", args)
                        if op.startswith("call"):
                            slot = (int(d.group(1), 16) if d.group(1) else 0) // 8 if d else (hist.get(r.group(1)) if r else None)
                            calls.append(("ind", slot, pc))
                        elif d:
                            calls.append(("ind", (int(d.group(1), 16) if d.group(1) else 0) // 8, pc))
                        elif r and isinstance(hist.get(r.group(1)), int) and not succ[i]:
                            calls.append(("ind", hist[r.group(1)], pc))
                else:
                    t = re.match(r"([0-9a-f]+)", args)
                    if t:
                        ta = int(t.group(1), 16)
                        if ta in addr2 and ta != a:
                            calls.append(("direct", addr2[ta][0], pc))
                        elif op.startswith("call") and ta not in idx:
                            m2 = re.search(r"<([^>+]+?)(@plt)?>", args)
                            if m2:
                                calls.append(("direct", m2.group(1), pc))
                continue
            m3 = re.match(r"(0x[0-9a-f]+)?\((%\w+)\),%(\w+)$", args)
            if op in ("mov", "movq") and m3:
                hist[m3.group(3)] = (int(m3.group(1), 16) if m3.group(1) else 0) // 8
            elif "," in args:
                dst = args.rsplit("%", 1)
                if len(dst) == 2 and op.startswith(("mov", "lea")):
                    hist.pop(dst[1], None)
            if ripa is not None:
                if op.startswith("lea"):
                    refs.append(("fn", addr2[ripa][0]) if ripa in addr2 else ("data", ripa))
                elif ripa in got and got[ripa]:
                    k, v = got[ripa]
                    if k == "ext":
                        refs.append(("ext", v))
                    elif v in addr2:
                        refs.append(("fn", addr2[v][0]))
                    else:
                        refs.append(("data", v))
    res = (out, got, {a: n for a, n in addr2.items()})
    pickle.dump(res, open(cache, "wb"), protocol=4)
    return res


def addr2lines(binary, addrs, inl=False):
    """[(addr)] -> {addr: [(function, file, line) innermost first]}"""
    addrs = list(addrs)
    if not addrs:
        return {}
    cmd = ["addr2line", "-a", "-f"] + (["-i"] if inl else []) + ["-e", binary]
    p = subprocess.run(cmd, input="\n".join("%x" % a for a in addrs) + "\n", text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    res, cur, lines, i = {}, None, p.stdout.split("\n"), 0
    while i < len(lines):
        l = lines[i]
        if l.startswith("0x"):
            cur = int(l, 16)
            res[cur] = []
            i += 1
            continue
        if cur is not None and i + 1 < len(lines) and l:
            fl = lines[i + 1].split(" (")[0]
            f, _, n = fl.rpartition(":")
            res[cur].append((l, f, int(n) if n.isdigit() else None))
            i += 2
            continue
        i += 1
    return res

# --------------------------------------------------------------------------------------------- analysis
RANKS = {"direct": 1, "callback": 1, "dyn1": 1, "dyn2": 2, "ptr2": 2, "fmt2": 2, "callback2": 2, "dyn3": 3, "ptr3": 3, "mach4": 4}
def load_signal_safety():
    with open(os.path.join(HERE, "signal-safety-7.json")) as f:
        return {row[0] for row in json.load(f)}


# async-signal-safe in practice though not in the POSIX table
DEFACTO = {"__errno_location": "errno, safe (thread-local address)", "syscall": "raw syscall, safe", "gettid": "raw syscall",
           "pthread_self": "in POSIX table", "bcmp": "pure", "strlen": "in POSIX table", "memcmp": "in POSIX table",
           "bzero": "pure", "process_vm_readv": "raw syscall", "mincore": "raw syscall", "madvise": "raw syscall", "mmap": "raw syscall (glibc: plain)",
           "mmap64": "raw syscall", "munmap": "raw syscall", "mprotect": "raw syscall", "getrandom": "raw syscall", "gettimeofday": "vdso", "futex": "raw syscall",
           "tgkill": "raw syscall", "sigaltstack": "raw syscall", "sched_yield": "raw syscall", "prctl": "raw syscall", "pipe2": "raw syscall",
           "open64": "= open", "write": "", "poll": "", "epoll_wait": "raw syscall", "eventfd_write": "write",
           "eventfd": "raw syscall", "eventfd_read": "read", "epoll_ctl": "raw syscall", "sendmsg": "in POSIX table",
           "fstat64": "= fstat", "stat64": "= stat", "lseek64": "= lseek", "pread64": "raw syscall", "__xpg_strerror_r": "locale: NOT safe"}
DEFACTO.pop("__xpg_strerror_r")
ALLOC_C = {"malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc", "memalign", "valloc", "strdup", "realloc_array"}
NOT_CALLBACK = {"sigaction", "signal", "atexit", "pthread_create", "pthread_key_create", "__cxa_thread_atexit_impl", "pthread_atfork",
                "rt_sigaction", "__cxa_atexit", "on_exit", "pthread_setspecific", "sigaltstack", "__register_atfork"}

RX = lambda s: re.compile(s)
SINKS = [  # (kind, regex on the normalised path, descend?)
    ("alloc", RX(r"^(_?__rustc::)?(__rust_alloc|__rust_alloc_zeroed|__rust_realloc|__rdl_alloc|__rdl_alloc_zeroed|__rdl_realloc|__rg_alloc|__rg_alloc_zeroed|__rg_realloc)$"), False),
    ("alloc", RX(r"^alloc::alloc::exchange_malloc$"), True),
    ("free", RX(r"^(_?__rustc::)?(__rust_dealloc|__rdl_dealloc|__rg_dealloc)$|^free$|^cfree$"), False),
    ("panic", RX(r"^(core::panicking::(?!panic_fmt::)\w+|core::panicking::panic_const::\w+|core::option::(unwrap_failed|expect_failed)|core::result::unwrap_failed"
                 r"|core::slice::index::slice_\w+|core::slice::\S*(fail|len_mismatch_fail)|core::slice::copy_from_slice_impl::len_mismatch_fail|core::str::slice_error_fail\w*|core::cell::panic_already\w*"
                 r"|alloc::raw_vec::(handle_error|capacity_overflow)|alloc::alloc::handle_alloc_error|std::alloc::rust_oom|std::panicking::\w+panic\w*|std::panicking::begin_panic\S*"
                 r"|std::thread::local::panic_access_error|core::str::traits::str_index_overflow_fail|(_?__rustc::)?(rust_begin_unwind|__rust_start_panic|rust_panic)"
                 r"|alloc::vec::Vec::(swap_remove|insert|remove|split_off|drain)::assert_failed|std::rt::panic_\w+|core::num::\S*panic\S*|core::\S+::panic_\w+|std::panicking::(?!catch_unwind|r#try|try)\S*|_Unwind_Resume|_Unwind_RaiseException)$"), False),
    ("lock", RX(r"^std::sys::sync::(mutex|rwlock|once|condvar|reentrant)\S*::(lock|lock_contended|read|write|read_contended|write_contended|call|wait|wait_timeout|spin_\w+|wake\w*)$"), True),
    ("lock", RX(r"^(std::sync::(poison::)?(mutex::Mutex|rwlock::RwLock|once::Once|condvar::Condvar|once_lock::OnceLock|lazy_lock::LazyLock|reentrant_lock::ReentrantLock)::(lock|read|write|call_once\w*|wait\w*|initialize|get_or_init|get_or_try_init|force))$"), True),
    ("lock", RX(r"^std::sync::reentrant_lock::ReentrantLock::lock$|^std::thread::(current::)?park\w*$|^once_cell::imp::(initialize_or_wait|wait)$|^parking_lot\S*::lock_slow$|^<?parking_lot::raw_mutex::RawMutex( as \S+>)?::lock$|^lock_api::\S+::(lock|read|write)$"), True),
    ("lock", RX(r"^spin::\S+::(lock|read|write|upgradeable_read|call_once|try_call_once_slow|poll)$"), True),
    ("io", RX(r"^std::io::stdio::(_print|_eprint|print_to|stdout|stderr)$|^<?std::io::stdio::(Stdout|Stderr)( as \S+>)?::(lock|write\w*|flush)$"), True),
    ("tls_dtor", RX(r"^std::sys::thread_local::(destructors::\S*register\S*|guard::\S*enable\S*)$|^__cxa_thread_atexit_impl$|^std::sys::thread_local::native::lazy::Storage::get_or_init_slow$|^std::sys::thread_local::native::(eager|lazy)::destroy$|^std::sys::thread_local::native::eager::Storage::initialize$"), True),
]


SINKS_PANIC = next(rx for k, rx, _ in SINKS if k == "panic")


class SectionReader:
    def __init__(self, binary):
        self.b = open(binary, "rb").read()
        self.secs = []
        for l in subprocess.run(["readelf", "-SW", binary], stdout=subprocess.PIPE, text=True).stdout.splitlines():
            m = re.match(r"\s*\[\s*\d+\]\s+(\.rodata\S*|\.data\.rel\.ro\S*)\s+\S+\s+([0-9a-f]+)\s+([0-9a-f]+)\s+([0-9a-f]+)", l)
            if m:
                self.secs.append(tuple(int(x, 16) for x in m.groups()[1:]))

    def i32(self, a):
        for ad, off, sz in self.secs:
            if ad <= a < ad + sz - 3:
                return int.from_bytes(self.b[off + a - ad:off + a - ad + 4], "little", signed=True)
        return None


class Oracle:
    def __init__(self, binary, lls, mode):
        self.binary, self.mode = binary, mode
        t = time.time()
        self.mods = {}
        for ll in lls:
            p = parse_ll(ll)
            self.mods[p["mod"]] = p
        self.fns = {}
        for p in self.mods.values():
            for s, f in p["fns"].items():
                self.fns.setdefault(s, f)
        self.decl = {}
        self.ktypes = collections.defaultdict(set)   # symbol -> kcfi ids
        for p in self.mods.values():
            for s, (k, sig) in p["decls"].items():
                self.decl.setdefault(s, sig)
                if k is not None:
                    self.ktypes[s].add(k)
            for s, f in p["fns"].items():
                if f.ktype is not None:
                    self.ktypes[s].add(f.ktype)
        self.mach, self.got, self.addr2 = parse_machine(binary, set(self.fns))
        allnames = set(self.fns) | set(self.decl) | set(self.mach)
        for n in self.mach.values():
            for k, t_, _ in n["calls"]:
                if k == "direct":
                    allnames.add(t_)
            for k, x in n["refs"]:
                if k == "fn":
                    allnames.add(x)
        self.dem = demangle_many(allnames)
        self.aliases = {}
        for p in self.mods.values():
            for g, v in p["globs"].items():
                if v["alias"]:
                    self.aliases[g] = v["alias"]
        for a, ns in self.addr2.items():                 # several names at one address: one canonical
            c = next((n for n in ns if n in self.fns), None) or next((n for n in ns if n in self.mach), None)
            for n in ns:
                if c and n != c and n not in self.fns and n not in self.mach:
                    self.aliases[n] = c
        self._path = {}
        self.nm = {n for ns in self.addr2.values() for n in ns}
        self.t_load = time.time() - t
        self._grefs = {}
        self._index()

    # ---- names and places
    def path(self, sym):
        p = self._path.get(sym)
        if p is None:
            d = self.dem.get(sym, sym)
            if d == sym and sym in self.fns and self.fns[sym].dbg:
                d = self._dipath(self.fns[sym]) or d
            p = self._path[sym] = normalise(d)
        return p

    def _dipath(self, f):
        p = self.mods[f.mod]
        sp = p["disub"].get(f.dbg)
        if not sp:
            return None
        parts, sc = [sp[0]], sp[2]
        while sc:
            if sc in p["dins"]:
                parts.append(p["dins"][sc][0]); sc = p["dins"][sc][1]
            elif sc in p["dity"]:
                parts.append(p["dity"][sc][0] or ""); sc = p["dity"][sc][1]
            else:
                break
        return "::".join(reversed(parts))

    def place(self, sym):
        """(crate 'name-version', relative file, line)"""
        f = self.fns.get(sym)
        if f is None or not f.dbg:
            return getattr(self, "mplace", {}).get(sym, (None, None, None))
        p = self.mods[f.mod]
        sp = p["disub"].get(f.dbg)
        if not sp:
            return (None, None, None)
        fn, d = p["difile"].get(sp[3], (None, None))
        return crate_of(fn, d) + (sp[4],)

    # ---- global references
    def grefs(self, mod, g, depth=0, seen=None):
        """functions and vtables reached from a global: ({fn}, {(mod,vtable)})"""
        key = (mod, g)
        if key in self._grefs:
            return self._grefs[key]
        if seen is None:
            seen = set()
        if key in seen:
            return set(), set()
        seen.add(key)
        fs, vs = set(), set()
        p = self.mods[mod]
        gl = p["globs"].get(g)
        if g in self.aliases and gl and gl["alias"]:
            fs.add(self.aliases[g])
        elif gl:
            if g.startswith("vtable.") or (gl.get("di") or "").endswith("{vtable}"):
                vs.add(key)
            else:
                for r in gl["refs"]:
                    a, b = self.grefs(mod, r, depth + 1, seen)
                    fs |= a
                    vs |= b
        elif g in p["fns"] or g in p["decls"]:
            fs.add(g)
        self._grefs[key] = (fs, vs)
        return fs, vs

    def _index(self):
        self.vt_all = {}            # (mod,vtable) -> slots, trait, self
        for m, p in self.mods.items():
            for g, v in p["globs"].items():
                if (g.startswith("vtable.") or (v.get("di") or "").endswith("{vtable}")) and v["slots"] is not None:
                    di = v.get("di") or ""
                    mm = re.match(r"<(.*) as (.*)>::\{vtable", di)
                    k = di.rfind(" as ")
                    trait = None
                    if di.startswith("<"):
                        inner = di[1:di.rfind(">::{vtable")]
                        k = _top_as(inner)
                        if k >= 0:
                            trait = inner[k + 4:]
                    self.vt_all[(m, g)] = (v["slots"], trait, di)
        # per function: referenced fns / vtables
        self.fref, self.vref = {}, {}
        self._sinkc = {}
        # functions returning ! that end in a panic entry point are panic wrappers: sinks of kind panic
        self.diverge = set()
        while True:
            new = {s for s, f in self.fns.items() if f.noret and s not in self.diverge and any(
                c[0] == "direct" and not c[4] and (c[1] in self.diverge or SINKS_PANIC.search(self.path(c[1]))) for c in f.calls)}
            if not new:
                break
            self.diverge |= new
        for s, f in self.fns.items():
            fr, vr = set(), set()
            rf = list(f.refs)
            for c in f.calls:
                if c[6] and not (c[0] == "direct" and "panic" in self.sink(c[1])[0]):
                    rf += [(a, c[4]) for a in c[6]]
            for a, uw in rf:
                if uw:
                    continue
                x, y = self.grefs(f.mod, a)
                fr |= x
                vr |= y
            self.fref[s], self.vref[s] = fr, vr
        self.addr_taken = set()
        for p in self.mods.values():
            for g, v in p["globs"].items():
                if not g.startswith("vtable.") and not (v.get("di") or "").endswith("{vtable}"):
                    for r in v["refs"]:
                        if r in p["fns"] or r in p["decls"]:
                            self.addr_taken.add(r)
        for s in self.fns:
            self.addr_taken |= self.fref[s]
        # machine vtables, found as relocated data referenced by lea
        self.mv = {}

    def machine_vtable(self, a):
        if a in self.mv:
            return self.mv[a]
        slots = {}
        g = self.got.get(a)
        def fn_at(x):
            g = self.got.get(x)
            return self.addr2[g[1]][0] if g and g[0] == "addr" and g[1] in self.addr2 else None
        if fn_at(a):
            slots[0] = fn_at(a)
        if self.got.get(a + 8) or self.got.get(a + 16):
            self.mv[a] = None
            return None
        i = 3
        while fn_at(a + 8 * i):
            slots[i] = fn_at(a + 8 * i)
            i += 1
        self.mv[a] = slots if len(slots) > 0 and (i > 3) else None
        return self.mv[a]

    def mentions(self, syms):
        """target -> which of these functions name it, or a table of pointers that holds it. Machine code that does not format itself
           names what it names for a panic's message (`Instant::now` and its like), and so for nobody: an empty list then."""
        out = {}
        for s in syms:
            named, formats = set(), True
            if s in self.fns:
                named |= self.fref[s]
                for v in self.vref[s]:
                    named |= set(self.vt_all[v][0].values()) if v in self.vt_all else set()
            elif s in self.mach:
                formats = any(k == "direct" and self.path(t).startswith("core::fmt::") for k, t, _ in self.mach[s]["calls"])
                for k, x in self.mach[s]["refs"]:
                    named |= {x} if k == "fn" else set((self.machine_vtable(x) or {}).values()) if k == "data" else set()
            for t in named:
                out.setdefault(self.resolve(t), []).extend([s] if formats else [])
        return out

    # ---- sinks
    def sink(self, sym):
        if sym in self.diverge:
            return (["panic"], True)
        p = self.path(sym)
        r = self._sinkc.get(p)
        if r is None:
            ks, stop = [], False
            for k, rx, d in SINKS:
                if rx.search(p):
                    if k == "lock" and re.search(r"::(try_\w+|wake\w*)$", p):
                        continue
                    ks.append(k)
                    stop = stop or not d
            r = self._sinkc[p] = (ks, stop)
        return r

    def resolve(self, t):
        seen = set()
        while t in self.aliases and t not in seen:
            seen.add(t)
            t = self.aliases[t]
        return t

    # ---- reachability
    def reach(self, entries, through_panic=False, tier3=True):
        tier = {}           # sym -> tier of the best path
        pred = {}           # sym -> (caller, edge kind)
        edges = {}          # (from,to) -> kind
        ext = {}            # external name -> set callers
        asm = []
        indirect = []
        fns, mach = self.fns, self.mach
        RANK = RANKS

        def out_static(s):
            """direct successors of s: [(target, kind)]"""
            o = []
            if s in fns:
                f = fns[s]
                atomic = self.path(s).startswith("core::sync::atomic::")
                extcall = False
                for c in f.calls:
                    if c[4]:
                        continue
                    if c[0] == "direct":
                        t = self.resolve(c[1])
                        if atomic and "panic" in self.sink(t)[0]:
                            continue        # "invalid Ordering" arms: constant orderings, folded in any real build
                        o.append((t, "direct"))
                        if t not in fns and t not in mach:
                            if t not in NOT_CALLBACK:
                                extcall = True
                                for a in c[6]:
                                    a = self.resolve(a)
                                    if a in fns or a in mach:
                                        o.append((a, "callback"))
                    elif c[0] == "vtable" and c[1]:          # vtable known at the call: devirtualised exactly
                        v = self.vt_all.get((f.mod, c[1]))
                        t = v and v[0].get(c[2])
                        if t:
                            o.append((self.resolve(t), "dyn1"))
                if extcall:
                    for a in self.fref[s]:
                        if (a in fns and not fns[a].calls is None) and a.startswith("_R") is False or a in fns and self._is_c_abi(a):
                            o.append((a, "callback2"))
            elif s in mach:
                m = mach[s]
                for k, t, pc in m["calls"]:
                    if k == "direct":
                        o.append((self.resolve(t), "direct"))
                if any(k == "direct" and t in ("dl_iterate_phdr", "_Unwind_Backtrace", "pthread_once") for k, t, _ in m["calls"]):
                    for k, x in m["refs"]:
                        if k == "fn":
                            o.append((x, "callback2"))
            return o

        def sweep(seeds, lvl):
            """BFS along known edges, recording tier lvl for new nodes"""
            todo = collections.deque(seeds)
            while todo:
                s = todo.popleft()
                ks, stop = self.sink(s)
                if stop and not (through_panic and ks == ["panic"]):
                    continue
                for t, k in out_static(s):
                    if t not in fns and t not in mach:
                        ext.setdefault(t, set()).add(s)
                    if RANK[k] > lvl:
                        late.append((s, t, k))
                        continue
                    if (s, t) not in edges:
                        edges[(s, t)] = k
                    if t not in tier:
                        tier[t] = lvl
                        pred[t] = (s, k)
                        todo.append(t)

        late = []
        for e in entries:
            tier[e] = 1
        sweep(entries, 1)
        n1 = len(tier)
        # tier 2/3: resolve indirect calls; iterate to a fixed point
        for lvl in (2, 3, 4):
            if lvl >= 3 and not tier3:
                break
            while True:
                # what reachable functions refer to
                lf, lv, mdata, mf = set(), set(), set(), set()
                for s in list(tier):
                    if self.sink(s)[1] and not (through_panic):
                        continue
                    if s in fns:
                        lf |= self.fref[s]
                        lv |= self.vref[s]
                    elif s in mach:
                        for k, x in mach[s]["refs"]:
                            if k == "fn":
                                mf.add(x)
                            elif k == "data":
                                mdata.add(x)
                new = []
                indirect = []
                vts2 = [(v, self.vt_all[v]) for v in lv if v in self.vt_all]
                vts3 = list(self.vt_all.items())
                for s in list(tier):
                    if self.sink(s)[1] and not through_panic:
                        continue
                    if s in fns:
                        for c in fns[s].calls:
                            if c[4] or c[0] not in ("vtable", "fnptr") or (c[0] == "vtable" and c[1]):
                                continue
                            cand2, cand3 = self._resolve_ir(s, c, vts2, vts3, lf)
                            indirect.append((s, c[0], c[2], c[3], c[5], cand2, cand3))
                            for t in cand2:
                                new.append((s, t, "dyn2" if c[0] == "vtable" else "ptr2"))
                            if lvl >= 3:
                                for t in cand3 - cand2:
                                    new.append((s, t, "dyn3" if c[0] == "vtable" else "ptr3"))
                    elif s in mach:
                        inds = [(sl, pc) for k, sl, pc in mach[s]["calls"] if k == "ind"]
                        if inds:
                            p = self.path(s)
                            cand2, cand3 = self._resolve_mach(s, p, inds, vts2, lf, mdata, mf)
                            indirect.append((s, "machine", sorted({x[0] if x[0] is not None else -1 for x in inds}), None, None, cand2, cand3))
                            for t in cand2:
                                new.append((s, t, "fmt2"))
                            if lvl == 4:
                                for t in cand3 - cand2:
                                    new.append((s, t, "mach4"))
                seeds = []
                for s, t, k in new + late:
                    t = self.resolve(t)
                    if RANK[k] > lvl or (t in fns and t not in self.nm):
                        continue
                    if t.startswith("_R") and t not in fns and t not in mach:
                        continue                        # Rust function that the linker dropped
                    if (s, t) not in edges:
                        edges[(s, t)] = k
                    if t not in tier:
                        tier[t] = lvl
                        pred[t] = (s, k)
                        seeds.append(t)
                if not seeds:
                    break
                sweep(seeds, lvl)
        return dict(tier=tier, pred=pred, edges=edges, ext=ext, indirect=indirect, n1=n1)

    def _is_c_abi(self, sym):
        """extern "C" functions have no kcfi difference; use the heuristics: symbol not starting with _R, or named callback/trace_fn…"""
        f = self.fns[sym]
        return not sym.startswith("_R") or bool(re.search(r"(callback|trace_fn|trampoline|cb)$", self.path(sym)))

    def _dyn_traits(self, s):
        d = self.dem.get(s, s)
        return {normalise(x) for x in re.findall(r"dyn (?:for<[^>]*> )?([\w:]+)", d)}

    def _resolve_ir(self, s, c, vts2, vts3, lf):
        kind, slot, kcfi = c[0], c[2], c[3]
        sig = c[7] if len(c) > 7 else None
        def okt(t):
            kt = self.ktypes.get(t)
            if kcfi is not None:
                return not kt or kcfi in kt
            return sig is None or self._sigof(t) is None or _norm_sig(self._sigof(t)) == _norm_sig(sig)
        c2, c3 = set(), set()
        if kind == "vtable":
            tr = self._dyn_traits(s) if slot == 0 else None
            for lst, out in ((vts2, c2), (vts3, c3)):
                for v, (slots, trait, di) in lst:
                    t = slots.get(slot)
                    if t is None:
                        continue
                    if t in self.fns and t not in self.nm:      # not linked: cannot be reached
                        continue
                    if slot == 0:
                        if tr and trait and normalise(trait) not in tr:
                            continue
                        out.add(t)
                    elif okt(t):
                        out.add(t)
        else:
            for t in lf:
                if (t in self.nm or t not in self.fns) and okt(t) and (kcfi is None or self.ktypes.get(t)):
                    c2.add(t)
            for t in self.addr_taken:
                if (t in self.nm or t not in self.fns) and okt(t) and (kcfi is None or self.ktypes.get(t)):
                    c3.add(t)
        return c2, c3

    def _sigof(self, t):
        return self.fns[t].sig if t in self.fns else self.decl.get(t)

    FMT_TRAITS = re.compile(r"^core::(fmt|error)::")

    def _resolve_mach(self, s, p, inds, vts2, lf, mdata, mf):
        c2, c3 = set(), set()
        slots = {x[0] for x in inds}
        fmt = p.startswith(("core::fmt::", "<core::fmt::", "alloc::fmt::")) or " as core::fmt::" in p or "core::fmt::builders" in p
        once = "sync::once" in p
        dbg_too = bool(re.search(r"Formatter::debug_|builders::|Box as core::fmt|&\S+ as core::fmt|Error", p))
        fmt_ok = lambda tn: tn == "core::fmt::Write" or (dbg_too and self.FMT_TRAITS.match(tn))
        for v, (sl, trait, di) in vts2:
            tn = normalise(trait) if trait else ""
            for k in slots:
                t = sl.get(k) if k is not None else None
                if t is None:
                    continue
                if fmt:
                    if fmt_ok(tn):
                        c2.add(t)
                elif once:
                    if "FnMut" in tn or "FnOnce" in tn:
                        c2.add(t)
                else:
                    c3.add(t)
        for a in mdata:
            mv = self.machine_vtable(a)
            if mv:
                for k in slots:
                    t = mv.get(k) if k is not None else None
                    if t:
                        if fmt and (" as core::fmt::Write>" in self.path(t) or (dbg_too and "fmt" in self.path(t))):
                            c2.add(t)
                        elif once and "call_once" in self.path(t):
                            c2.add(t)
                        elif not fmt and not once:
                            c3.add(t)
        if fmt and p in ("core::fmt::write", "alloc::fmt::format::format_inner"):
            for t in lf | mf:
                if re.search(r" as core::fmt::\w+>::fmt$", self.path(t)):
                    c2.add(t)
        return c2, c3


def _norm_sig(s):
    return re.sub(r"^(zeroext|signext|noundef|align \d+|range\([^)]*\)|\s)+", "", re.sub(r"(zeroext|signext|noundef|noalias|align \d+|nonnull|dereferenceable\(\d+\)|range\([^)]*\)) ?", "", s))


def crate_of(fn, d=None):
    """DIFile -> (crate-version | std:core | local:name, file relative to the crate)"""
    if not fn:
        return (None, None)
    fn = re.sub(r"/@/.*$", "", fn)
    full = fn if fn.startswith("/") or not d else os.path.join(d, fn)
    full = os.path.normpath(full)
    m = re.search(r"/registry/src/[^/]+/([^/]+)/(.*)$", full)
    if m:
        return (m.group(1), m.group(2))
    m = re.search(r"/git/checkouts/([^/]+)/[^/]+/(.*)$", full)
    if m:
        return (m.group(1), m.group(2))
    m = re.search(r"/rustc/[0-9a-f]+/library/([\w-]+)/(.*)$", full) or re.search(r"/lib/rustlib/src/rust/library/([\w-]+)/(.*)$", full)
    if m:
        return ("std:" + m.group(1), m.group(2))
    m = re.search(r"/rust/deps/([^/]+)/(.*)$", full)
    if m:
        return ("std:" + m.group(1), m.group(2))
    m = re.search(r"/build/[^/]+/out/(.*)$", full)
    if m:
        return ("generated", m.group(1))
    m = re.search(r"/([^/]+)/((?:src|examples|tests|benches)/.*)$", full)
    if m:
        return ("local:" + m.group(1), m.group(2))
    return ("other", full)


_SRC = {}
PROJ = ""


def origin(crate, file, line, path, proj):
    """how the function is written in the source: fn | closure | derive | macro (or other expansion) | ctor (tuple constructor)"""
    if "{closure" in path.rsplit(">::", 1)[-1].rsplit("::", 1)[-1]:
        return "closure"
    if re.match(r"^[A-Z]", path.rsplit("::", 1)[-1]):
        return "ctor"
    k = (crate, file)
    if k not in _SRC:
        import glob
        c = glob.glob(os.path.expanduser(f"~/.cargo/registry/src/*/{crate}/{file}")) or ([f"{proj}/{file}"] if crate.startswith("local:") else [])
        try:
            _SRC[k] = open(c[0], errors="replace").read().split("\n")
        except Exception:
            _SRC[k] = None
    L = _SRC[k]
    if not L or not line or line > len(L):
        return "unknown"
    t = L[line - 1]
    name = path.rsplit("::", 1)[-1]
    if re.search(r"\bfn\s+" + re.escape(name) + r"\b", t) or re.search(r"\bfn\s+" + re.escape(name) + r"\b", " ".join(L[line - 1:line + 3])):
        return "fn"
    if "derive" in t or re.match(r"\s*[\w:, ]+[,)\]]*\s*$", t) and any("derive" in x for x in L[max(0, line - 6):line]):
        return "derive"
    return "macro"


EDGE_CLASSES = [
    ("drop glue", lambda f, t, k: t.startswith(("core::ptr::drop_in_place", "core::ptr::drop_glue")) or f.startswith(("core::ptr::drop_in_place", "core::ptr::drop_glue"))),
    ("dyn dispatch", lambda f, t, k: k.startswith("dyn")),
    ("fn pointer", lambda f, t, k: k.startswith("ptr")),
    ("callback via C", lambda f, t, k: k.startswith("callback")),
    ("std-internal dispatch (fmt/Once)", lambda f, t, k: k in ("fmt2", "mach4")),
    ("closure body", lambda f, t, k: bool(re.search(r"\{closure[^}]*\}$", t))),
    ("Fn* shim (call_once/call_mut)", lambda f, t, k: " as core::ops::function::Fn" in t),
    ("Deref/Index/AsRef/Borrow", lambda f, t, k: bool(re.search(r" as core::(ops::(deref|index)|convert::As(Ref|Mut)|borrow)", t))),
    ("? operator (Try/FromResidual)", lambda f, t, k: " as core::ops::try_trait" in t),
    ("From/Into/TryFrom/ToString", lambda f, t, k: bool(re.search(r" as (core::convert::|alloc::string::ToString|core::str::traits::FromStr)", t))),
    ("Iterator/IntoIterator", lambda f, t, k: " as core::iter" in t),
    ("Clone/Default/PartialEq/Ord/Hash/ops", lambda f, t, k: bool(re.search(r" as core::(clone|default|cmp|hash|ops::(arith|bit|range))", t))),
    ("Display/Debug/Write fmt", lambda f, t, k: " as core::fmt" in t),
    ("Drop::drop", lambda f, t, k: " as core::ops::drop::Drop>" in t),
    ("other std trait method", lambda f, t, k: bool(re.search(r"^<.* as (core|alloc|std)::", t))),
    ("crate trait method", lambda f, t, k: bool(re.search(r"^<.* as ", t))),
    ("extern C", lambda f, t, k: bool(re.match(r"^\w+$", t))),
    ("inherent method / assoc fn", lambda f, t, k: bool(re.search(r"::[A-Z<(\[&]\w*[>\])]?::[^:]+$", t)) or t.startswith("<")),
    ("free function", lambda f, t, k: True),
]


def edge_class(f, t, k):
    for n, fn in EDGE_CLASSES:
        if fn(f, t, k):
            return n


def has_source(crate):
    return bool(crate) and not crate.startswith("std:") and crate not in ("other", "generated")


def analyse(binary, lls, mode, entry_rx, through_panic=False):
    o = Oracle(binary, lls, mode)
    cands = set(o.fns) | set(o.mach)
    entries = []
    for rx in entry_rx:
        r = re.compile(rx)
        hit = sorted(s for s in cands if r.search(o.path(s)) or r.search(o.dem.get(s, s)))
        if not hit:
            print(f"warning: no function matches entry {rx!r}", file=sys.stderr)
        entries += hit
    if not entries:
        sys.exit("no entry function found")
    R = o.reach(entries, through_panic)
    # places of the reached machine functions
    ms = [s for s in R["tier"] if s in o.mach]
    al = addr2lines(binary, [o.mach[s]["addr"] for s in ms])
    o.mplace = {}
    for s in ms:
        x = al.get(o.mach[s]["addr"])
        if x and x[-1][1] and not x[-1][1].startswith("??"):
            o.mplace[s] = crate_of(x[-1][1]) + (x[-1][2],)
    # inlined functions inside reached machine functions (std is optimised): names at call sites
    sites = [(s, pc) for s in ms for k, t, pc in o.mach[s]["calls"] if not o.sink(s)[1]]
    il = addr2lines(binary, {pc for _, pc in sites}, inl=True)
    inl = collections.defaultdict(set)
    need = {n for v in il.values() for n, _, _ in v[:-1]}
    dm = demangle_many(need)
    for s, pc in sites:
        for n, f, l in il.get(pc, [])[:-1]:
            inl[s].add(normalise(dm.get(n, n)))
    T = R["tier"]
    safe = load_signal_safety()

    def chain(s):
        c = [s]
        while c[-1] in R["pred"]:
            c.append(R["pred"][c[-1]][0])
        c.reverse()
        return c
    reach = []
    for s, t in T.items():
        cr, fi, li = o.place(s)
        ks, stop = o.sink(s)
        e = dict(symbol=s, path=o.path(s), crate=cr, file=fi, line=li, tier=t,
                 where="ir" if s in o.fns else ("machine" if s in o.mach else "external"))
        if has_source(cr) and fi:
            e["origin"] = origin(cr, fi, li, e["path"], PROJ)
        if ks:
            e["sink"] = ks
        if s in inl:
            e["inlined"] = sorted(inl[s])
        reach.append(e)
    reach.sort(key=lambda e: (e["tier"], e["crate"] or "~", e["path"]))
    # sinks: for every sink path shortest chain (BFS per tier gives near-shortest); shortest over callers
    dist = bfs(R["edges"], entries, T)
    sinks = collections.defaultdict(list)
    for s in T:
        ks, _ = o.sink(s)
        ks = list(ks)
        if s not in o.fns and s not in o.mach:
            if s in ALLOC_C:
                ks.append("alloc")
            if s in ("pthread_mutex_lock", "pthread_rwlock_rdlock", "pthread_rwlock_wrlock", "pthread_cond_wait", "sem_wait", "pthread_once"):
                ks.append("lock")
        for k in ks:
            for mx in (1, 2, 3, 4):
                d = dist[mx].get(s)
                if d is not None:
                    sinks[k].append(dict(sink=o.path(s), tier=mx, length=len(d), chain=[o.path(x) for x in d], symbols=d))
                    break
    for s in T:
        if s in inl:
            for p in sorted(inl[s]):
                ks = [k for k, rx, _ in SINKS if rx.search(p) and k != "panic"]
                for k in ks:
                    for mx in (1, 2, 3, 4):
                        d = dist[mx].get(s)
                        if d is not None:
                            sinks[k].append(dict(sink=p, tier=mx, length=len(d) + 1, chain=[o.path(x) for x in d] + [p + " (inlined)"]))
                            break
    for k in sinks:
        sinks[k].sort(key=lambda x: (x["tier"], x["length"], x["sink"]))
        # one entry per sink path, the best
        seen, out = set(), []
        for x in sinks[k]:
            if x["sink"] not in seen:
                seen.add(x["sink"])
                out.append(x)
        sinks[k] = out
    # frontier: functions of crates with source from which a sink is reached through std/C functions only
    # The machine code of formatting in std is one for every writer and argument: what it calls belongs to who mentions that impl.
    RK = RANKS
    mention = o.mentions(T)
    radj = collections.defaultdict(list)
    for (a, b), k in R["edges"].items():
        if RK[k] <= 3:
            formats = k not in ("direct", "callback", "dyn1") and not has_source(o.place(a)[0]) and re.search(r" as core::fmt::\w+>::", o.path(b))
            radj[b] += mention[b] if formats and b in mention else [a]
    src = {s: has_source(o.place(s)[0]) for s in T}
    frontier = {}
    for kind in ("alloc", "free", "lock", "io", "tls_dtor", "panic"):
        seeds = [s for s in T if kind in o.sink(s)[0] or (kind == "alloc" and s in ALLOC_C) or
                 (kind in ("lock", "io", "tls_dtor") and any(rx.search(p) for p in inl.get(s, ()) for k2, rx, _ in SINKS if k2 == kind))]
        nxt = {s: None for s in seeds}
        q = collections.deque(seeds)
        fr = []
        while q:
            s = q.popleft()
            if src.get(s):
                if kind == "lock" and s in seeds:
                    pass
                c = [s]
                while nxt[c[-1]] is not None:
                    c.append(nxt[c[-1]])
                fr.append((s, c))
                continue
            for a in radj[s]:
                if a not in nxt:
                    nxt[a] = s
                    q.append(a)
        best = {}
        for s, c in fr:
            key = (fold_closure(o.path(s)), o.path(c[1]) if len(c) > 1 else o.path(c[0]))
            if key not in best or T[s] < best[key]["tier"]:
                pl = o.place(s)
                best[key] = {"fn": o.path(s), "tier": T[s], "crate": pl[0], "file": pl[1], "line": pl[2], "via": [o.path(x) for x in c[1:]]}
        frontier[kind] = sorted(best.values(), key=lambda x: (x["tier"], x["crate"] or "", x["fn"]))
    sites_out = collections.defaultdict(list)
    libc_l = []
    for s in sorted(T):
        if s in o.fns or s in o.mach:
            continue
        base = re.sub(r"^__?(?=[a-z])", "", s)
        st = "posix-safe" if s in safe or re.sub(r"64$", "", s) in safe else ("de-facto-safe" if s in DEFACTO else "NOT-listed")
        d = None
        for mx in (1, 2, 3, 4):
            d = dist[mx].get(s)
            if d:
                break
        libc_l.append(dict(name=s, status=st, tier=mx, chain=[o.path(x) for x in d] if d else None))
    libc_l.sort(key=lambda x: (x["status"], x["tier"], x["name"]))
    asm = []
    for s in T:
        if s in o.fns and not o.sink(s)[1]:
            for c in o.fns[s].calls:
                if c[0] == "asm" and not c[4]:
                    asm.append(dict(fn=o.path(s), asm=c[1][:60], tier=T[s]))
    classes = collections.Counter()
    pe = set()
    for (a, b), k in R["edges"].items():
        ca = o.place(a)[0]
        if not has_source(ca) or k[-1] in "34":
            continue
        key = (o.path(a), o.path(b), k)
        if key in pe:
            continue
        pe.add(key)
        classes[edge_class(o.path(a), o.path(b), k)] += 1
    ind = []
    for s, kind, slot, kc, line, c2, c3 in R["indirect"]:
        ind.append(dict(caller=o.path(s), symbol=s, kind=kind, slot=slot, kcfi=kc, line=line, tier=T[s],
                        resolved2=sorted({o.path(x) for x in c2})[:40], n2=len(c2), n3=len(c3)))
    dd = {}
    for s in o.fns:
        c, f, l = o.place(s)
        if has_source(c):
            k = (c, f, l or 0, fold_closure(o.path(s)))
            dd[k] = max(dd.get(k, 0), int(s in o.nm))
    defined = sorted(k + (v,) for k, v in dd.items())
    by_entry = {}
    for e in entries if len(entries) > 1 else []:
        r = o.reach([e], through_panic)
        d = bfs(r["edges"], [e], r["tier"])
        v = {}
        for s in r["tier"]:
            ks = list(o.sink(s)[0]) + (["alloc"] if s in ALLOC_C and s not in o.fns and s not in o.mach else [])
            for k2, rx, _ in SINKS:
                if k2 != "panic" and any(rx.search(p) for p in inl.get(s, ())):
                    ks.append(k2)
            if s not in o.fns and s not in o.mach:
                if not (s in safe or re.sub(r"64$", "", s) in safe or s in DEFACTO) and s not in ALLOC_C and s != "free":
                    ks.append("libc:" + s)
            for k in set(ks):
                for mx in (1, 2, 3, 4):
                    c = d[mx].get(s)
                    if c:
                        if k not in v or (mx, len(c)) < (v[k]["tier"], len(v[k]["chain"])):
                            v[k] = dict(tier=mx, chain=[o.path(x) for x in c])
                        break
        locs = sorted({o.place(s) + (t,) for s, t in r["tier"].items() if has_source(o.place(s)[0])}, key=str)
        by_entry[o.path(e)] = dict(sinks=v, functions=[list(x) for x in locs], n=len(r["tier"]))
    J = dict(entry=[o.path(e) for e in entries], by_entry=by_entry, entry_symbols=entries, binary=binary, mode=mode, toolchain=subprocess.run(["rustc", "--version"], stdout=subprocess.PIPE, text=True).stdout.strip(),
             counts=dict(ir_functions=len(o.fns), machine_functions=len(o.mach), tier1=sum(1 for t in T.values() if t == 1),
                         tier2=sum(1 for t in T.values() if t == 2), tier3=sum(1 for t in T.values() if t == 3), tier4=sum(1 for t in T.values() if t == 4)),
             reachable=reach, edges=[[a, b, k] for (a, b), k in R["edges"].items()], sinks=sinks, frontier=frontier, libc=libc_l, asm=asm,
             indirect=ind, edge_classes=dict(classes.most_common()), defined=[list(x) for x in defined],
             drop=None)
    return J, o, R


def bfs(edges, entries, T):
    """dist[maxtier][sym] = shortest chain using edges of rank <= maxtier"""
    RANK = RANKS
    res = {}
    for mx in (1, 2, 3, 4):
        adj = collections.defaultdict(list)
        for (a, b), k in edges.items():
            if RANK[k] <= mx:
                adj[a].append(b)
        prev = {e: None for e in entries}
        q = collections.deque(entries)
        while q:
            s = q.popleft()
            for t in adj[s]:
                if t not in prev:
                    prev[t] = s
                    q.append(t)
        class L(dict):
            def get(self, s, d=None, prev=prev):
                if s not in prev:
                    return d
                c = [s]
                while prev[c[-1]] is not None:
                    c.append(prev[c[-1]])
                return c[::-1]
        res[mx] = L()
    return res

# ---------------------------------------------------------------------------------------------- compare
def tool_crate(e, local):
    """The truth's spelling of an entry's crate."""
    c = e.get("crate") or (e.get("package") or "").replace("@", "-") or None
    name = (c or "").rsplit("-", 1)[0].replace("-", "_")
    return "local:" + local[name] if name in local else c


def load_tool(path, local):
    """tool JSON: a list, or {"functions":[…]} / {"reachable":[…]}, each {path?, file?, line?, endLine?, package? | crate?}.
    `package` is name@version; a crate that is local in the truth is known there as local:NAME."""
    j = json.load(open(path))
    if isinstance(j, dict):
        j = j.get("functions") or j.get("reachable") or []
    out = []
    for e in j:
        if isinstance(e, str):
            e = dict(path=e)
        c, f = tool_crate(e, local), e.get("file")
        if f and f.startswith("/"):
            c2, f2 = crate_of(f)
            c, f = c2, f2
        out.append((c, f, e.get("line"), e.get("endLine") or e.get("end_line"), fold_closure(normalise(e.get("path") or ""))))
    return out


def local_crates(J):
    return {c[6:].replace("-", "_"): c[6:] for c in {d[0] for d in J["defined"]} if c and c.startswith("local:")}


SITE_KINDS = {"alloc": {"alloc", "init", "tls"}, "free": {"dealloc", "init", "tls"}, "lock": {"lock", "spin", "block", "init"}, "io": {"stdio", "lock"}, "tls_dtor": {"tls", "alloc", "init"}}


def sites(truth, reportf):
    """Which allocation, free, lock, io and thread-local sites of the program (last function before std or C; tier 1, and tier 2
    without formatting impls) the tool's JSON report has: as a finding, among what a finding covers, or excluded by a guard."""
    J = json.load(gzip.open(truth) if truth.endswith(".gz") else open(truth))
    R = json.load(open(reportf))
    local = local_crates(J)
    have = []
    for f in R["findings"]:
        for e in [dict(site=f["site"], kind=f["kind"])] + f.get("covers", []):
            have.append((e["kind"], e["site"]))
    for g in R["guards"]:
        for e in g.get("excludes", []):
            have.append((e["kind"], e["site"]))
    starts = collections.defaultdict(set)
    for c, f, l, p, _ in J["defined"]:
        starts[(c, f)].add(l)
    out = dict(found=0, of=0, missing=[])
    for kind, rows in J["frontier"].items():
        if kind not in SITE_KINDS:
            continue
        for r in rows:
            if r["tier"] > 2 or (r["tier"] == 2 and re.search(r" as core::fmt::\w+>::", r["fn"])) or not r["file"]:
                continue
            end = min([l for l in starts[(r["crate"], r["file"])] if l > r["line"]], default=10**9)
            out["of"] += 1
            if any(k in SITE_KINDS[kind] and tool_crate(s, local) == r["crate"] and s["file"] == r["file"] and r["line"] <= s["line"] < end for k, s in have):
                out["found"] += 1
            else:
                out["missing"].append((kind, r["crate"], r["file"], r["line"], r["fn"], r["tier"]))
    print(f"sites {out['found']}/{out['of']}")
    for m in out["missing"]:
        print("  missing", *m)
    return out


def compare(truth, toolf):
    J = json.load(gzip.open(truth) if truth.endswith(".gz") else open(truth))
    tool = load_tool(toolf, local_crates(J))
    last = lambda p: p.rsplit("::", 1)[-1]
    def crate_key(c):
        return c
    org, byorg = {}, collections.defaultdict(lambda: [0, 0])
    orc = collections.defaultdict(dict)          # crate -> {(file,line,name)}: best tier
    for e in J["reachable"]:
        if has_source(e["crate"]) and e["file"] and "{closure" not in e["path"] and e.get("origin") != "ctor":
            org[(e["crate"], e["file"], e["line"])] = e.get("origin", "?")
            k = (e["file"], e["line"], e["path"])
            orc[e["crate"]][k] = min(e["tier"], orc[e["crate"]].get(k, 9))
    tl, tn = collections.defaultdict(set), set()
    spans = collections.defaultdict(list)
    for c, f, l, el, p in tool:
        if p:
            tn.add(p)
        if f and l:
            tl[(c, f)].add(l)
            spans[(c, f)].append((l, el or l, p))
    def claimed(c, f, l, p):
        for (a, b, q) in spans.get((c, f), ()):
            if a == l or (a <= l <= min(b, a + 12) and (not q or last(q) == last(p))):
                return True
        return p in tn
    res = {}
    tot = collections.Counter()
    missing = []
    for c, d in sorted(orc.items()):
        # one source function = one (file,line)
        by = {}
        for (f, l, p), t in d.items():
            by.setdefault((f, l), [t, p])
            by[(f, l)][0] = min(t, by[(f, l)][0])
        n1 = h1 = n2 = h2 = 0
        for (f, l), (t, p) in by.items():
            hit = any(claimed(c, f, l, pp) for (ff, ll, pp) in d if (ff, ll) == (f, l))
            if t == 1:
                n1 += 1; h1 += hit
            if t <= 2:
                n2 += 1; h2 += hit
                q = byorg[org.get((c, f, l), "?")]
                q[0] += hit; q[1] += 1
                if not hit:
                    missing.append((c, f, l, p, t))
        res[c] = dict(oracle_direct=n1, found_direct=h1, oracle_t2=n2, found_t2=h2, oracle_all=len(by))
        tot.update(oracle_direct=n1, found_direct=h1, oracle_t2=n2, found_t2=h2)
    # precision
    defd = collections.defaultdict(dict)
    names = collections.defaultdict(set)
    for c, f, l, p, _linked in J["defined"]:
        defd[(c, f)].setdefault(l, set()).add(p)
        names[p].add((c, f, l))
    reached2 = {(e["crate"], e["file"], e["line"]) for e in J["reachable"] if e["tier"] <= 2}
    reached3 = {(e["crate"], e["file"], e["line"]) for e in J["reachable"]}
    folded = {fold_closure(e["path"]) for e in J["reachable"]}
    pr = collections.defaultdict(collections.Counter)
    wrong, absent = [], []
    seen = set()
    for c, f, l, el, p in tool:
        loc = None
        if f and l and (c, f) in defd:
            for dl, ps in defd[(c, f)].items():
                if dl == l or (l <= dl <= min(el or l, l + 12) and any(not p or last(q) == last(p) for q in ps)):
                    loc = (c, f, dl)
        if loc is None and p and p in names:
            loc = sorted(names[p])[0]
        if loc is None:
            absent.append((c, f, l, p)); pr[c or "(no crate given)"]["absent"] += 1
            continue
        if loc in seen:
            continue
        seen.add(loc)
        pr[loc[0]]["claimed"] += 1
        if loc in reached2:
            pr[loc[0]]["right"] += 1
        elif loc in reached3 or p in folded:
            pr[loc[0]]["maybe"] += 1
        else:
            wrong.append((loc, p))
    out = dict(per_crate={}, total={}, missing=missing, wrong=wrong, absent=absent)
    print(f"{'crate':34} {'recall t1':>14} {'recall t1+2':>14} {'precision':>16} {'maybe(t3)':>9} {'absent':>6}")
    P = collections.Counter()
    for c in sorted(set(res) | set(x for x in pr if x)):
        r, q = res.get(c, {}), pr.get(c, {})
        P.update(q)
        fmt = lambda a, b: f"{a}/{b}" + (f" {100*a/b:.0f}%" if b else "")
        print(f"{c:34} {fmt(r.get('found_direct',0), r.get('oracle_direct',0)):>14} {fmt(r.get('found_t2',0), r.get('oracle_t2',0)):>14} "
              f"{fmt(q.get('right',0), q.get('claimed',0) - q.get('maybe',0)):>16} {q.get('maybe',0):>9} {q.get('absent',0):>6}")
        out["per_crate"][c] = dict(r, **q)
    fmt = lambda a, b: f"{a}/{b}" + (f" {100*a/b:.0f}%" if b else "")
    print(f"{'TOTAL':34} {fmt(tot['found_direct'], tot['oracle_direct']):>14} {fmt(tot['found_t2'], tot['oracle_t2']):>14} "
          f"{fmt(P['right'], P['claimed'] - P['maybe']):>16} {P['maybe']:>9} {P['absent']:>6}")
    print("recall t1+2 by how the function is written: " + ", ".join(f"{k} {a}/{b}" for k, (a, b) in sorted(byorg.items())))
    if P["absent"]:
        print(f"{P['absent']} claimed functions are not compiled in this program (cfg'd out, generic never instantiated, const-evaluated, or unknown name)")
    out["total"] = dict(tot, **P)
    out["by_origin"] = {k: v for k, v in byorg.items()}
    return out

# ------------------------------------------------------------------------------------------------- main
def summary(J):
    c = J["counts"]
    per = collections.Counter()
    for e in J["reachable"]:
        per[(e["crate"] or ("ext" if e["where"] == "external" else "?"), e["tier"])] += 1
    print("entry:", "; ".join(J["entry"]))
    print("counts:", c)
    uni = collections.defaultdict(dict)
    for e in J["reachable"]:
        k = e["crate"] or ("ext" if e["where"] == "external" else "?")
        q = (e["file"], e["line"]) if e["file"] else e["path"]
        uni[k][q] = min(e["tier"], uni[k].get(q, 9))
    print("   crate: monomorphised functions t1/t2/t3/t4 | source functions (file:line) t1/t2/t3/t4")
    rows = collections.defaultdict(lambda: [0, 0, 0, 0])
    for (k, t), n in per.items():
        rows[k][t - 1] += n
    for k, v in sorted(rows.items(), key=lambda x: -sum(x[1][:2])):
        u = collections.Counter(uni[k].values())
        print(f"   {k:36} {v[0]:5} {v[1]:5} {v[2]:5} {v[3]:5} | {u[1]:4} {u[2]:4} {u[3]:4} {u[4]:4}")
    if J.get("by_entry"):
        for e, v in sorted(J["by_entry"].items()):
            print(f"   {e:40} " + (" ".join(f"{k}(t{x['tier']})" for k, x in sorted(v["sinks"].items())) or "CLEAN"))
    for k, l in J["sinks"].items() if len(J["entry"]) < 3 else []:
        best = [x for x in l if x["tier"] <= 2] or l
        print(f" sink {k}: {len([x for x in l if x['tier']==1])} t1, {len([x for x in l if x['tier']==2])} t2, {len([x for x in l if x['tier']==3])} t3, {len([x for x in l if x['tier']==4])} t4")
        for x in best[:3]:
            print(f"    [t{x['tier']} len {x['length']}] " + " > ".join(x["chain"][-9:] if len(x["chain"]) > 9 else x["chain"]))
    for k, l in J["frontier"].items():
        print(f" frontier {k}: {sum(x['tier']==1 for x in l)} t1, {sum(x['tier']==2 for x in l)} t2, {sum(x['tier']==3 for x in l)} t3 (function in a source crate -> first std/C callee); t1: " +
              "; ".join(f"{x['fn']} -> {x['via'][0] if x['via'] else 'itself'}" for x in l if x["tier"] == 1)[:600])
    print(" libc not listed as safe (t1/t2):", ", ".join(f"{x['name']}(t{x['tier']})" for x in J["libc"] if x["status"] == "NOT-listed" and x["tier"] <= 2))
    print(" libc safe (t1/t2):", ", ".join(x["name"] for x in J["libc"] if x["status"] != "NOT-listed" and x["tier"] <= 2))
    print(" edge classes:", J["edge_classes"])
    ur = [x for x in J["indirect"] if x["tier"] <= 2 and not x["n2"]]
    print(f" indirect sites: {len(J['indirect'])}, at t1/t2 {sum(1 for x in J['indirect'] if x['tier']<=2)}, unresolved at t2: {len(ur)}: " + "; ".join(f"{x['caller']}[{x['kind']},{x['slot']}]" for x in ur[:8]))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sp = ap.add_subparsers(dest="cmd", required=True)
    b = sp.add_parser("build"); b.add_argument("proj")
    a = sp.add_parser("analyse"); a.add_argument("proj")
    for x in (a, b):
        x.add_argument("--mode", default="abort", choices=["abort", "unwind"])
        x.add_argument("--main")
        x.add_argument("--name")
    a.add_argument("--entry", action="append", required=True)
    a.add_argument("--out")
    a.add_argument("--through-panic", action="store_true")
    c = sp.add_parser("compare"); c.add_argument("truth"); c.add_argument("tool"); c.add_argument("--json"); c.add_argument("-v", action="store_true")
    t = sp.add_parser("sites"); t.add_argument("truth"); t.add_argument("report")
    s = sp.add_parser("show"); s.add_argument("truth"); s.add_argument("--kind"); s.add_argument("--fn")
    sp.add_parser("self")
    A = ap.parse_args()
    if A.cmd in ("build", "analyse"):
        d = project_dir(A.proj, A.main, A.name)
        t = time.time()
        binary, lls = build(d, A.mode)
        tb = time.time() - t
        print(f"built {binary} with {len(lls)} .ll files in {tb:.0f}s", file=sys.stderr)
        if A.cmd == "analyse":
            t = time.time()
            global PROJ
            PROJ = d
            J, o, R = analyse(binary, lls, A.mode, A.entry, A.through_panic)
            J["project"] = d
            J["seconds"] = dict(build=round(tb, 1), analyse=round(time.time() - t, 1))
            if A.out:
                json.dump(J, gzip.open(A.out, "wt") if A.out.endswith(".gz") else open(A.out, "w"), indent=None, separators=(",", ":"))
            summary(J)
    elif A.cmd == "compare":
        r = compare(A.truth, A.tool)
        if A.v:
            for m in r["missing"]:
                print("MISSING", *m)
            for w in r["wrong"]:
                print("WRONG", *w)
            for w in r["absent"]:
                print("ABSENT", *w)
        if A.json:
            json.dump(r, open(A.json, "w"), indent=1)
    elif A.cmd == "sites":
        sites(A.truth, A.report)
    elif A.cmd == "show":
        J = json.load(gzip.open(A.truth) if A.truth.endswith(".gz") else open(A.truth))
        if A.kind:
            for x in J["sinks"].get(A.kind, []):
                print(f"[t{x['tier']} len {x['length']}] {x['sink']}\n     " + "\n     ".join(x["chain"]))
        else:
            summary(J)
    elif A.cmd == "self":
        for i, w in [("<alloc::vec::Vec<u8> as core::clone::Clone>::clone", "<alloc::vec::Vec as core::clone::Clone>::clone"),
                     ("core::ptr::drop_in_place::<alloc::vec::Vec<u8>>", "core::ptr::drop_in_place"),
                     ("<pprof::collector::HashCounter<pprof::frames::UnresolvedFrames>>::add", "pprof::collector::HashCounter::add"),
                     ("a::b::<T>::{closure#0}", "a::b::{closure#0}"),
                     ("<a::B<T>>::m::<U>::{closure#0}::{closure#1}", "a::B::m::{closure#0}::{closure#1}"),
                     ("<[T] as x::Y<fn(u8) -> u8>>::z", "<[T] as x::Y>::z"),
                     ("<<a::B as c::D>::E as f::G>::h", "<<a::B as c::D>::E as f::G>::h"),
                     ("core::ptr::drop_in_place<alloc::vec::Vec<u8>>::h0123456789abcdef", "core::ptr::drop_in_place"),
                     ("<&'a mut T as core::fmt::Write>::write_str", "<&mut T as core::fmt::Write>::write_str"),
                     ("<a::F as core::ops::function::FnOnce<()>>::call_once::{shim:vtable#0}", "<a::F as core::ops::function::FnOnce>::call_once")]:
            g = normalise(i)
            print("ok " if g == w else "BAD", i, "->", g, "" if g == w else f"(want {w})")


if __name__ == "__main__":
    main()
