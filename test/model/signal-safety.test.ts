/** signal-safety.json: the 191 functions of the page, the GNU manual's opinion, and the verdicts that DESIGN names. */
import { describe, expect, test } from "vitest";
import { factsOfCall, type LibcVerdict, loadSignalSafety } from "../../src/model/signal-safety.ts";
import { schemaOf, shipped } from "./shipped-data.ts";

const safety = loadSignalSafety(schemaOf("signal-safety"), shipped("signal-safety.json"));

test("the page's functions by name, and no others", () => {
  const page = shipped<readonly (readonly [string, number, string])[]>("test/referee/signal-safety-7.json");
  const listed = safety.all.filter(({ verdict }) => verdict === "listed").map(({ name }) => name);
  expect(new Set(listed)).toEqual(new Set(page.map(([name]) => name)));
  for (const [name, section] of page) expect(safety.lookup(name)?.standard?.section, name).toBe(section);
});

test("the page's 191 functions, each with the standard that added it", () => {
  const listed = safety.all.filter(({ verdict }) => verdict === "listed");
  const added = new Map<string, number>();
  for (const { standard } of listed) added.set(standard?.since ?? "", (added.get(standard?.since ?? "") ?? 0) + 1);
  expect(Object.fromEntries(added)).toEqual({
    "POSIX.1-2001": 113,
    "POSIX.1-2001 TC1": 1,
    "POSIX.1-2001 TC2": 1,
    "POSIX.1-2008": 20,
    "POSIX.1-2008 TC1": 4,
    "POSIX.1-2008 TC2": 52,
  });
  expect(listed).toHaveLength(191);
});

describe("the GNU manual", () => {
  const manual = shipped<{ readonly safe: readonly string[]; readonly unsafe: Readonly<Record<string, string>> }>(
    "test/referee/glibc-safety.json",
  );
  /** Functions that both have, with the verdict and whether a word beyond the two lists says why it is another. */
  const judged = (names: readonly string[]): { name: string; verdict: LibcVerdict; why: boolean }[] =>
    names.flatMap((name) => {
      const record = safety.lookup(name);
      if (record === null) return [];
      const { verdict, note, effects, cite } = record;
      const beyond = cite.some((one) => !/^(glibc manual: AS-\w+[ \w]*|signal-safety\(7\)(: not listed)?)$/.test(one));
      return [{ name, verdict, why: note !== undefined || effects !== undefined || beyond }];
    });
  const silent = (verdict: LibcVerdict): boolean => verdict === "listed" || verdict === "safe-in-practice";

  test("what it calls safe is silent, or the data say why not", () => {
    const all = judged(manual.safe);
    expect(all.length).toBeGreaterThan(1_000);
    expect(all.filter(({ verdict, why }) => !silent(verdict) && !why)).toEqual([]);
  });
  test("what it calls unsafe is told, or the data say why not", () => {
    const all = judged(Object.keys(manual.unsafe));
    expect(all.length).toBeGreaterThan(480);
    expect(all.filter(({ verdict, why }) => silent(verdict) && !why)).toEqual([]);
  });
  test("what it calls unsafe for more than a race is an error, or the data say why not", () => {
    const more = Object.keys(manual.unsafe).filter((name) => !/^(race)?$/.test(manual.unsafe[name] ?? ""));
    const all = judged(more);
    expect(all.length).toBeGreaterThan(400);
    expect(all.filter(({ verdict, why }) => verdict !== "unsafe" && !why)).toEqual([]);
  });
});

test.each<[string, LibcVerdict]>([
  ["write", "listed"],
  ["memcpy", "listed"],
  ["sigaction", "listed"],
  ["gettid", "safe-in-practice"],
  ["pipe2", "safe-in-practice"],
  ["__errno_location", "safe-in-practice"],
  ["llvm.x86.rdtsc", "safe-in-practice"],
  ["_Unwind_Backtrace", "unlisted"],
  ["_Unwind_FindEnclosingFunction", "unlisted"],
  ["pthread_getname_np", "unlisted"],
  ["dl_iterate_phdr", "unsafe"],
  ["dladdr", "unsafe"],
  ["malloc", "unsafe"],
  ["exit", "unsafe"],
  ["snprintf", "unsafe"],
])("%s is %s", (symbol, verdict) => {
  expect(safety.lookup(symbol)?.verdict).toBe(verdict);
});

test("kinds that say more than a call outside the list", () => {
  const kinds = (symbol: string): readonly string[] => (safety.lookup(symbol)?.effects ?? []).map(({ kind }) => kind);
  expect(kinds("malloc")).toEqual(["alloc"]);
  expect(kinds("realloc")).toEqual(["alloc", "dealloc"]);
  expect(kinds("free")).toEqual(["dealloc"]);
  expect(kinds("pthread_mutex_lock")).toEqual(["lock"]);
  expect(kinds("pthread_spin_lock")).toEqual(["spin"]);
  expect(kinds("printf")).toEqual(["stdio"]);
  expect(kinds("exit")).toEqual(["exit"]);
  expect(kinds("pthread_join")).toEqual(["block"]);
  expect(kinds("dl_iterate_phdr")).toEqual([]);
});

test("every effect stands where the verdict is not silent", () => {
  const silent = safety.all.filter(({ verdict, effects }) => effects !== undefined && /^(listed|safe)/.test(verdict));
  expect(silent).toEqual([]);
});

test("aliases answer with what they stand for; an unknown name is unknown", () => {
  expect(safety.lookup("open64")).toBe(safety.lookup("open"));
  expect(safety.lookup("__snprintf_chk")).toBe(safety.lookup("snprintf"));
  expect(safety.lookup("frobnicate")).toBeNull();
  expect(safety.lookup("toString")).toBeNull();
});

test("what a function calls, and when", () => {
  expect(safety.lookup("qsort")?.invokes).toEqual([{ arg: 3, when: "now" }]);
  expect(safety.lookup("dl_iterate_phdr")?.invokes).toEqual([{ arg: 0, when: "now" }]);
  expect(safety.lookup("pthread_once")?.invokes).toEqual([{ arg: 1, when: "uninit" }]);
  expect(safety.lookup("pthread_create")?.invokes).toEqual([{ arg: 2, when: "other-thread" }]);
});

test("errno: what cannot fail, and what cannot fail with a constant", () => {
  const errno = (symbol: string, ...constants: (number | null)[]): string | undefined => {
    const record = safety.lookup(symbol);
    if (record === null) return undefined;
    const at = (arg: number): number | null => constants[arg] ?? null;
    return factsOfCall(record, at, (arg) => at(arg) !== null).errno;
  };
  expect(errno("write", 2, null, 1)).toBe("on-failure");
  expect(errno("getpid")).toBe("never");
  expect(errno("pthread_kill")).toBe("never");
  expect(errno("clock_gettime", null)).toBe("on-failure");
  expect(errno("clock_gettime", 1)).toBe("never");
});

test("system calls by name and by number", () => {
  const { byName, byNumber } = safety.syscalls;
  expect(byName("SYS_gettid")).toMatchObject({ verdict: "safe-in-practice", errno: "never" });
  expect(byNumber("x86_64", 1)).toBe(byName("SYS_write"));
  expect(byNumber("aarch64", 64)).toBe(byName("SYS_write"));
  expect(byName("SYS_write")?.verdict).toBe("listed");
  expect(byNumber("x86_64", 99_999)).toBeNull();
  expect(byNumber("toString", 1)).toBeNull();
});

test("a futex waits or not by its operation", () => {
  const futex = safety.syscalls.byName("SYS_futex");
  if (futex === null) throw new Error("no SYS_futex");
  const kinds = (operation: number | null): readonly string[] | undefined =>
    factsOfCall(
      futex,
      (arg) => (arg === 2 ? operation : null),
      () => false,
    ).effects?.map(({ kind }) => kind);
  expect(kinds(null)).toEqual(["lock"]);
  expect(kinds(0 | 128)).toEqual(["lock"]);
  expect(kinds(1 | 128)).toEqual([]);
});

test("each entry says where it is from", () => {
  expect(safety.all.filter(({ cite }) => cite.length === 0)).toEqual([]);
});
