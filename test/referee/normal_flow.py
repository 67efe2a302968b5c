#!/usr/bin/env python3
"""Which instructions of an ELF run without unwinding: the flow inside each function from its entry, along jumps, jump tables and falls.
Landing pads are entered by the unwinder alone, so what only they reach (drops while a panic passes) is not in the answer."""
import bisect,re,struct,subprocess

NORETURN=re.compile(r'core::panicking::|unwrap_failed|expect_failed|slice_\w*fail|panic_fmt|handle_alloc_error|capacity_overflow|raw_vec::handle_error|_Unwind_Resume|__rust_foreign|rust_panic|begin_panic|len_mismatch|panic_already|panic_display|core::cell::panic|::abort|\babort\b|process::exit|resume_unwind|rtabort|__stack_chk_fail|^exit$|^_exit$')
LINE=re.compile(r'^\s+([0-9a-f]+):\s+(\S+)(?:\s+(.*))?$')

def normal_lines(elf,lines,demangled,got):
    """Indexes of objdump's lines that normal flow reaches, of those that are instructions. `got`: symbols by the address that a call reads them from."""
    data=sections(elf)
    keep=set();at=0
    heads=[i for i,l in enumerate(lines) if l.endswith('>:')]
    for n,head in enumerate(heads):
        end=heads[n+1] if n+1<len(heads) else len(lines)
        body=[(i,)+m.groups() for i in range(head+1,end) for m in [LINE.match(lines[i])] if m]
        keep|=flow(body,data,demangled,got)
    return keep

def flow(body,data,demangled,got):
    if not body: return set()
    addr=[int(a,16) for _,a,_,_ in body]
    where={a:k for k,a in enumerate(addr)}
    lo,hi=addr[0],addr[-1]
    tables=[int(m.group(1),16) for _,_,op,arg in body if op=='lea' for m in [re.search(r'\(%rip\).*# ([0-9a-f]+)',arg or '')] if m]
    seen=set();todo=[0]
    while todo:
        k=todo.pop()
        while 0<=k<len(body) and k not in seen:
            seen.add(k);_,_,op,arg=body[k];arg=arg or ''
            if op.startswith('j'):
                m=re.match(r'([0-9a-f]+) ',arg)
                if m and int(m.group(1),16) in where: todo.append(where[int(m.group(1),16)])
                elif arg.startswith('*%'):
                    for t in tables: todo+=[where[x] for x in targets(t,data,lo,hi) if x in where]
                if op=='jmp': break
            if op in ('ret','ud2','hlt'): break
            if op=='call':
                through=re.match(r'\*.*\(%rip\)\s+# ([0-9a-f]+)',arg);m=re.search(r'<([^>@+]+)',arg)
                name=got.get(int(through.group(1),16)) if through else m and m.group(1)
                if name and NORETURN.search(demangled.get(name,name)): break
            k+=1
    return {body[k][0] for k in seen}

def targets(table,data,lo,hi):
    """A table of 32-bit offsets from its own start."""
    for start,size,blob in data:
        if not start<=table<start+size: continue
        out=[];at=table-start
        while at+4<=size:
            x=table+struct.unpack_from('<i',blob,at)[0]
            if not lo<=x<=hi: break
            out.append(x);at+=4
        return out
    return []

def sections(elf):
    out=[];raw=open(elf,'rb').read()
    for l in subprocess.run(['readelf','-SW',elf],capture_output=True,text=True).stdout.splitlines():
        m=re.search(r'\] (\.rodata\S*)\s+PROGBITS\s+([0-9a-f]+)\s+([0-9a-f]+)\s+([0-9a-f]+)',l)
        if m:
            a,o,s=(int(m.group(k),16) for k in (2,3,4));out.append((a,s,raw[o:o+s]))
    return out
