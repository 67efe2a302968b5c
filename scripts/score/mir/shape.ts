/**
 * Types and callees in one comparable form, without module paths and lifetimes; and rustc's way of printing them, read into it.
 *
 * rustc prints `std::vec::Vec::<T>::push`, the tool knows definitions by id: both become a head (the last name) and arguments.
 * `*` stands for what the two sides cannot name alike (opaque types, closures' bodies) and is equal to everything.
 */

export interface Shape {
  readonly head: string;
  readonly args: readonly Shape[];
}
export interface CalleeShape {
  /** The type whose function it is, or Self of a trait's; null for free functions. */
  readonly owner: Shape | null;
  readonly trait: Shape | null;
  readonly name: string;
  readonly args: readonly Shape[];
}

export const anything: Shape = { head: "*", args: [] };

/** A shape without arguments, or with these. */
export function shape(head: string, ...args: readonly Shape[]): Shape {
  return { head, args };
}

/** Equal, where `*` equals everything. */
export function sameShape(left: Shape, right: Shape): boolean {
  if (left.head === "*" || right.head === "*") return true;
  if (left.head !== right.head || left.args.length !== right.args.length) return false;
  return left.args.every((arg, index) => sameShape(arg, right.args[index] ?? anything));
}

/** The same function, whatever its generics. */
export function sameFunction(left: CalleeShape, right: CalleeShape): boolean {
  if (left.name !== right.name || left.trait?.head !== right.trait?.head) return false;
  if (left.trait !== null) return true;
  if (left.owner === null || right.owner === null) return left.owner === right.owner;
  return left.owner.head === right.owner.head || left.owner.head === "*" || right.owner.head === "*";
}

/** The same function with the same generics. */
export function sameCallee(left: CalleeShape, right: CalleeShape): boolean {
  const whole = (one: CalleeShape): Shape =>
    shape("", one.owner ?? shape("-"), one.trait ?? shape("-"), shape("", ...one.args));
  return sameFunction(left, right) && sameShape(whole(left), whole(right));
}

/** As text, for people. */
export function printShape(one: Shape): string {
  return one.args.length === 0 ? one.head : `${one.head}<${one.args.map(printShape).join(", ")}>`;
}

export function printCallee({ owner, trait, name, args }: CalleeShape): string {
  const generics = args.length === 0 ? "" : `::<${args.map(printShape).join(", ")}>`;
  if (trait !== null) return `<${printShape(owner ?? anything)} as ${printShape(trait)}>::${name}${generics}`;
  return `${owner === null ? "" : `${printShape(owner)}::`}${name}${generics}`;
}

/** Reads a type as rustc's MIR prints it; `*` for what is no type. */
export function readType(text: string): Shape {
  const reader = new Reader(text);
  try {
    return reader.type();
  } catch {
    return anything;
  }
}

/** Reads a callee as rustc's MIR prints it; null for a value that is called. */
export function readCallee(text: string): CalleeShape | null {
  if (/^(move|copy) /.test(text)) return null;
  try {
    return new Reader(text).callee();
  } catch {
    return { owner: null, trait: null, name: text, args: [] };
  }
}

const tokenPattern: RegExp =
  /\{closure@[^}]*\}|\{(?:async|coroutine|gen)[^}]*\}|\{[a-z_]+#\d+\}|'(?:\\.|[^\\])'|'\{?[a-z_]\w*\}?|"(?:\\.|[^"\\])*"|r#\w+|\w+|::|->|[^\s]/gu;
const autoTraits: ReadonlySet<string> = new Set(["Send", "Sync", "Unpin", "UnwindSafe", "RefUnwindSafe", "?"]);

class Reader {
  readonly tokens: readonly string[];
  at = 0;
  constructor(text: string) {
    this.tokens = text.match(tokenPattern) ?? [];
  }
  peek(ahead = 0): string {
    return this.tokens[this.at + ahead] ?? "";
  }
  take(): string {
    const token = this.peek();
    if (token === "") throw new Error("end");
    this.at += 1;
    return token;
  }
  eat(token: string): boolean {
    if (this.peek() !== token) return false;
    this.at += 1;
    return true;
  }
  expect(token: string): void {
    if (!this.eat(token)) throw new Error(`no ${token} but ${this.peek()}`);
  }
  lifetime(): boolean {
    if (!/^'\{?[a-z_]\w*\}?$/.test(this.peek())) return false;
    this.at += 1;
    return true;
  }
  list(end: string): Shape[] {
    const found: Shape[] = [];
    while (!this.eat(end)) {
      if (!this.lifetime()) {
        const name = this.peek();
        if (this.peek(1) === "=") {
          this.at += 2;
          found.push(shape(`${name} =`, this.type()));
        } else found.push(this.type());
      }
      if (!this.eat(",") && this.peek() !== end) throw new Error(`no ${end}`);
    }
    return found;
  }
  type(): Shape {
    const token = this.peek();
    if (token === "&") {
      this.take();
      this.lifetime();
      return this.eat("mut") ? shape("&mut", this.type()) : shape("&", this.type());
    }
    if (token === "*") {
      this.take();
      return shape(this.take() === "mut" ? "*mut" : "*const", this.type());
    }
    if (token === "(") {
      this.take();
      const elems = this.list(")");
      const only = elems.length === 1 && this.tokens[this.at - 2] !== "," ? elems[0] : undefined;
      return only ?? shape("()", ...elems);
    }
    if (token === "[") {
      this.take();
      const inner = this.type();
      if (this.eat("]")) return shape("[]", inner);
      this.expect(";");
      const len = this.type();
      this.expect("]");
      return shape("[;]", inner, len);
    }
    if (token === "!") {
      this.take();
      return shape("!");
    }
    if (token === "dyn") return this.dyn();
    if (token === "impl") {
      this.take();
      this.bounds();
      return anything;
    }
    if (token === "for" || token === "unsafe" || token === "extern" || token === "fn") return this.fnPointer();
    if (token.startsWith("{closure")) {
      this.take();
      return shape("{closure}");
    }
    if (token.startsWith("{")) {
      this.braces();
      return anything;
    }
    if (token === "<") {
      this.take();
      const self = this.type();
      if (this.eat("as")) {
        const trait = this.path();
        this.expect(">");
        this.expect("::");
        const member = shape(`as ${trait.head}::${this.take()}`, self, ...trait.args, ...this.generics());
        // A type inside a function of an impl is printed behind it.
        return this.eat("::") ? this.path() : member;
      }
      this.expect(">");
      return this.eat("::") ? this.path() : self;
    }
    if (token === "-") {
      this.take();
      return shape(`-${this.literal(this.take())}`);
    }
    if (/^\d|^'/.test(token)) return shape(this.literal(this.take()));
    return this.path();
  }
  /** Skips `{..}`; `{closure#0}` and the like are one token. */
  braces(): void {
    let depth = 0;
    do {
      const next = this.take();
      if (next === "{") depth += 1;
      if (next === "}") depth -= 1;
    } while (depth > 0);
  }
  literal(token: string): string {
    return token.replace(/_?[iu](8|16|32|64|128|size)$/, "");
  }
  generics(): Shape[] {
    const start = this.at;
    this.eat("::");
    if (this.eat("<")) return this.list(">");
    this.at = start;
    return [];
  }
  /** Whether a path goes on behind the `::<..>` that stands here. */
  goesOn(): boolean {
    const start = this.at;
    this.take();
    this.braced();
    const more = this.peek() === "::";
    this.at = start;
    return more;
  }
  /** Skips `<..>`. */
  braced(): void {
    let depth = 0;
    do {
      const next = this.take();
      if (next === "<") depth += 1;
      if (next === ">") depth -= 1;
    } while (depth > 0);
  }
  path(): Shape {
    let last = shape("");
    do {
      const name = this.take();
      if (name === "{") {
        while (this.take() !== "}");
        last = anything;
      } else last = shape(ownName(name), ...this.sugarOr(name));
    } while (this.eat("::"));
    return last;
  }
  /** `Fn(A) -> B` or `<..>`. */
  sugarOr(name: string): Shape[] {
    if (this.peek() === "(" && /^[A-Z]/.test(name)) {
      this.take();
      const tuple = shape("()", ...this.list(")"));
      const output = this.eat("->") ? this.type() : shape("()");
      return [tuple, shape("Output =", output)];
    }
    return this.generics();
  }
  bounds(): Shape[] {
    const found: Shape[] = [];
    do {
      if (this.lifetime()) continue;
      if (this.eat("?")) {
        this.path();
        continue;
      }
      const parens = this.eat("(");
      if (this.eat("for")) {
        this.expect("<");
        this.list(">");
      }
      if (this.eat("use")) this.generics();
      else found.push(this.path());
      if (parens) this.expect(")");
    } while (this.eat("+"));
    return found;
  }
  dyn(): Shape {
    this.take();
    const traits = this.bounds().filter((one) => !autoTraits.has(one.head));
    return shape("dyn", ...traits.sort((a, b) => (a.head < b.head ? -1 : 1)));
  }
  fnPointer(): Shape {
    if (this.eat("for")) {
      this.expect("<");
      this.list(">");
    }
    this.eat("unsafe");
    if (this.eat("extern") && this.peek().startsWith('"')) this.take();
    this.expect("fn");
    this.expect("(");
    const params: Shape[] = [];
    while (!this.eat(")")) {
      if (this.eat(".")) {
        this.expect(".");
        this.expect(".");
        params.push(shape("..."));
      } else params.push(this.type());
      this.eat(",");
    }
    const ret = this.eat("->") ? this.type() : shape("()");
    if (this.peek() === "{") {
      this.braces();
      return shape("fn item");
    }
    return shape("fn", ...params, ret);
  }
  callee(): CalleeShape {
    if (this.peek() === "<") {
      this.take();
      const owner = this.type();
      if (this.eat("as")) {
        const trait = this.path();
        this.expect(">");
        this.expect("::");
        const member = { owner, trait, name: this.take(), args: this.generics() };
        // A function inside a function of an impl is printed behind it.
        if (!this.eat("::")) return member;
        const inner = this.path();
        return { owner: null, trait: null, name: inner.head, args: inner.args };
      }
      this.expect(">");
      this.expect("::");
      return { owner, trait: null, name: this.take(), args: this.generics() };
    }
    const segments: Shape[] = [];
    do {
      if (this.peek() === "<" && this.peek(1) === "impl") {
        this.take();
        this.take();
        const self = this.type();
        const of = this.eat("for") ? this.type() : self;
        this.expect(">");
        segments.push(shape("impl", of));
      } else {
        const name = this.take();
        // `slice::<impl [T]>::len`: the impl is a segment of its own behind a module.
        const isModule = /^[a-z_]/.test(name) && this.peek(1) === "<" && this.peek(2) === "impl" && this.goesOn();
        segments.push(shape(name.replace(/^r#/, ""), ...(isModule ? [] : this.generics())));
      }
    } while (this.eat("::"));
    const last = segments.at(-1) ?? anything;
    const before = segments.at(-2);
    const owner = before === undefined ? null : ownerOf(before);
    return { owner, trait: null, name: last.head, args: last.args };
  }
}

/** rustc prints the path by which an item can be seen, under the name of a re-export: `lazy_static::__Deref`. */
function ownName(name: string): string {
  return name.replace(/^r#/, "").replace(/^__(?=[A-Z])/, "");
}

function ownerOf(segment: Shape): Shape | null {
  if (segment.head === "impl") return segment.args[0] ?? null;
  return segment.args.length > 0 || /^[A-Z]/.test(segment.head) ? segment : null;
}
