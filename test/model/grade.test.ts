/** gradeLevel against the table of DESIGN: what keeps a level, what lowers it, which of several decides. */
import { describe, expect, test } from "vitest";
import { type GradeInput, gradeLevel, worse } from "../../src/model/grade.ts";
import { loadLints } from "../../src/model/lints.ts";
import { type Condition, KINDS, type Kind, type Level } from "../../src/model/vocabulary.ts";
import { schemaOf, shipped } from "./shipped-data.ts";

const lints = loadLints(schemaOf("lints"), shipped("rules/lints.json"));

const levels: Readonly<Record<Exclude<Kind, "libc" | "panic">, Level>> = {
  alloc: "error",
  dealloc: "error",
  lock: "error",
  spin: "error",
  block: "warning",
  stdio: "error",
  init: "error",
  tls: "warning",
  exit: "error",
  "user-code": "warning",
  errno: "warning",
  reentrancy: "warning",
  flags: "note",
};

test.each(KINDS.filter((kind) => kind !== "libc" && kind !== "panic"))("the level of %s", (kind) => {
  expect(graded({ kind })?.level).toBe(levels[kind as keyof typeof levels]);
});

describe("conditions", () => {
  test.each<Condition>(["always", "uninit", "grow", "nonempty", "contended", "last-ref", "large"])(
    "%s keeps an error",
    (one) => {
      expect(graded({ conditions: [one] })?.level).toBe("error");
    },
  );
  test.each<Condition>(["guarded", "error-path", "spill", "first-in-thread", "foreign-data"])(
    "%s makes a warning",
    (one) => {
      expect(graded({ conditions: ["grow", one] })?.level).toBe("warning");
      expect(graded({ kind: "flags", conditions: [one] })?.level).toBe("note");
    },
  );
  test("panic makes a note, whatever stands beside it", () => {
    expect(graded({ conditions: ["error-path", "panic"] })).toEqual({
      level: "note",
      why: "note: only when it panics",
    });
  });
  test("the reason is the one that decided", () => {
    expect(graded({})?.why).toBe("error: reached on every call");
    expect(graded({ conditions: ["uninit", "grow"] })?.why).toBe("error: on first use, which may be in the handler");
    expect(graded({ conditions: ["grow", "error-path"] })?.why).toBe("warning: only on an error");
    expect(graded({ certainty: "all-impls", conditions: ["spill"] })?.why).toMatch(
      /^warning: only where the inline storage/,
    );
  });
});

describe("certainty", () => {
  test.each(["exact", "by-type", "model"] as const)("%s keeps an error", (certainty) => {
    expect(graded({ certainty })?.level).toBe("error");
  });
  test.each(["all-impls", "assumed-cfg"] as const)("%s allows at most a warning", (certainty) => {
    expect(graded({ certainty })?.level).toBe("warning");
  });
  test("by-name allows a note", () => {
    expect(graded({ certainty: "by-name", conditions: ["error-path"] })?.why).toMatch(/^note: the callee/);
  });
});

test("handlers of faults: errors are warnings unless the configuration keeps them", () => {
  expect(graded({ delivery: "fault" })).toEqual({ level: "warning", why: "warning: only in a handler of faults" });
  expect(graded({ delivery: "fault", faultLowers: false })?.level).toBe("error");
  expect(graded({ kind: "tls", delivery: "fault" })?.why).toMatch(/^warning: the first use in a thread/);
  expect(graded({ delivery: "fault", certainty: "by-name" })?.level).toBe("note");
});

test("calls of C by their verdict", () => {
  const libc = (verdict: NonNullable<GradeInput["verdict"]>, strictPosix = false): Level | null =>
    graded({ kind: "libc", verdict, strictPosix })?.level ?? null;
  expect(libc("unsafe")).toBe("error");
  expect(libc("unlisted")).toBe("warning");
  expect([libc("safe-in-practice"), libc("safe-in-practice", true)]).toEqual([null, "warning"]);
  expect([libc("listed", true), libc("unknown", true)]).toEqual([null, null]);
  expect(graded({ kind: "libc", verdict: "unsafe", conditions: ["error-path"] })?.level).toBe("warning");
});

test("explicit panics are warnings, others notes; the condition does not lower the panic itself", () => {
  expect(graded({ kind: "panic", explicitPanic: true })?.level).toBe("warning");
  expect(graded({ kind: "panic", explicitPanic: true, conditions: ["panic"] })?.level).toBe("warning");
  expect(graded({ kind: "panic" })?.level).toBe("note");
});

test("the worse of two levels", () => {
  expect([worse(null, "note"), worse("warning", "note"), worse("warning", "error")]).toEqual([
    "note",
    "warning",
    "error",
  ]);
  expect(worse(null, null)).toBeNull();
});

function graded(part: Partial<GradeInput>): ReturnType<typeof gradeLevel> {
  const kind = part.kind ?? "alloc";
  const rest = { conditions: ["always"] as const, certainty: "exact" as const, delivery: "async" as const };
  return gradeLevel({ base: lints.ofKind(kind).level, ...rest, ...part, kind });
}
