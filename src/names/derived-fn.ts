/**
 * The function of a derived impl: the signature is a template's, the body is written when somebody asks for its text.
 *
 * A class, so that thousands of them share their fields' places: an object with getters of its own takes ten times as much.
 */
import type { Span } from "../base/span.ts";
import type { FnItem, Source } from "../syntax/ast.ts";

/** A function with the template's signature that stands where the derive is written; `make` is asked once, for its text. */
export function derivedFn(template: FnItem, span: Span, make: () => Source): FnItem {
  return new DerivedFn(template, span, make);
}

class DerivedFn implements FnItem {
  readonly k = "fn";
  readonly start = 0;
  readonly span: Span;
  readonly #template: FnItem;
  readonly #make: () => Source;
  #source: Source | null = null;

  constructor(template: FnItem, span: Span, make: () => Source) {
    this.span = span;
    this.#template = template;
    this.#make = make;
  }
  get source(): Source {
    this.#source ??= this.#make();
    return this.#source;
  }
  get end(): number {
    return this.source.text.length;
  }
  get keySpan(): Span {
    return this.span;
  }
  get name(): string {
    return this.#template.name;
  }
  get attrs() {
    return this.#template.attrs;
  }
  get vis() {
    return this.#template.vis;
  }
  get broken() {
    return this.#template.broken;
  }
  get hasBody() {
    return this.#template.hasBody;
  }
  get generics() {
    return this.#template.generics;
  }
  get selfParam() {
    return this.#template.selfParam;
  }
  get params() {
    return this.#template.params;
  }
  get variadic() {
    return this.#template.variadic;
  }
  get ret() {
    return this.#template.ret;
  }
  get async() {
    return this.#template.async;
  }
  get unsafe() {
    return this.#template.unsafe;
  }
  get const() {
    return this.#template.const;
  }
  get default() {
    return this.#template.default;
  }
  get abi() {
    return this.#template.abi;
  }
}
