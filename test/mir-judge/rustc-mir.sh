#!/bin/sh
# RUSTC_WRAPPER: compiles as cargo asks, then prints the MIR of crates that are built for the target to $MIR_DIR.
rustc="$1"
shift
"$rustc" "$@" || exit $?
name= target= next=
for arg in "$@"; do
  case "$next" in name) name="$arg" ;; esac
  next=
  case "$arg" in
    --crate-name) next=name ;;
    --target) target=1 ;;
  esac
done
[ -n "$CARGO_PKG_NAME" ] && [ -n "$target" ] && [ -n "$name" ] || exit 0
case "$name" in build_script_*) exit 0 ;; esac
RUSTC_BOOTSTRAP=1 "$rustc" "$@" -Zunpretty=mir -Zmir-opt-level=0 -Zmir-include-spans=on -Ztrim-diagnostic-paths=no 2>/dev/null |
  grep -E '^[^ ]|^ *debug |^ *let |-> (\[return|unwind|bb)|; return|return;' | grep -v '^alloc' |
  gzip -1 >"$MIR_DIR/$CARGO_PKG_NAME@$CARGO_PKG_VERSION.$name.mir.gz"
exit 0
