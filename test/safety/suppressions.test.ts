/**
 * Comments in sources: what they suppress, what of them is stale, expired or wrong, and claims that do not hold.
 */
import { describe, expect, it } from "vitest";
import type { ProgramOptions } from "../../src/safety/analyse-program.ts";
import type { Finding, Report } from "../../src/safety/report-model.ts";
import { type Allow, suppress } from "../../src/safety/suppressions.ts";
import { reportOf } from "./report-of.ts";

const TODAY = "2027-06-01";

function told(report: Report): Record<string, unknown> {
  return {
    verdict: report.programs[0]?.verdict,
    open: report.findings.filter((one) => one.suppressed === null).map((one) => `${one.site.line} ${one.rule}`),
    suppressed: report.findings.flatMap((one) =>
      one.suppressed === null ? [] : [`${one.site.line} ${one.rule}: ${one.suppressed.reason}`],
    ),
    problems: report.problems.map((one) => `${one.line} ${one.level} ${one.message}`),
  };
}

async function check(body: string, allows: readonly Allow[] = []): Promise<Record<string, unknown>> {
  const text = `extern "C" { fn sigaction(s: i32, a: *const Action, o: *mut Action) -> i32; fn _exit(c: i32) -> !; fn malloc(n: usize) -> *mut u8; }
#[repr(C)] pub struct Action { sa_sigaction: usize, mask: [u64; 16], sa_flags: i32, sa_restorer: usize }
${body}`;
  return told(await reportOf([{ name: "app", text }], {}, new Map(), { allows, today: TODAY }));
}

const INSTALL =
  "fn main() { unsafe { sigaction(10, &Action { sa_sigaction: h as usize, mask: [0; 16], sa_flags: 0, sa_restorer: 0 }, std::ptr::null_mut()); } }";

describe("suppressions", () => {
  it("allows on the line, above it and for a whole function", async () => {
    const lines = [
      'extern "C" fn h(_: i32) {\n  unsafe { malloc(1); } // sigsafe: allow(heap-allocation) nothing sets it\n}',
      'extern "C" fn h(_: i32) {\n  // sigsafe: allow(heap-allocation) nothing sets it\n  unsafe { malloc(1); }\n}',
      '// sigsafe: allow(heap-allocation) nothing sets it\n#[inline]\nextern "C" fn h(_: i32) {\n  unsafe { malloc(1); }\n}',
    ];
    for (const one of lines) {
      const result = await check(`${one}\n${INSTALL}`);
      expect(result, one).toMatchObject({ problems: [] });
      expect(JSON.stringify(result["suppressed"]), one).toContain("heap-allocation: nothing sets it");
    }
  });
  it("tells what is stale, expired, without a reason or no rule", async () => {
    const of = (comment: string): Promise<Record<string, unknown>> =>
      check(`extern "C" fn h(_: i32) {\n  // sigsafe: ${comment}\n  unsafe { _exit(1); }\n}\n${INSTALL}`);
    expect((await of("allow(heap-allocation) never"))["problems"]).toEqual([
      "4 warning the allowance of heap-allocation matches no finding; remove it: never",
    ]);
    expect((await of("allow(heap-allocation)"))["problems"]).toEqual([
      "4 warning `allow(heap-allocation)` says no reason and does nothing",
    ]);
    expect((await of("allow(heap-allocation) soon until 2027-05-31"))["problems"]).toEqual([
      "4 warning the allowance of heap-allocation ended on 2027-05-31 and does nothing: soon",
    ]);
    expect((await of("allow(alloc) never"))["problems"]).toEqual(["4 warning `alloc` is no rule: `heap-allocation`"]);
    expect((await of("allow(constructor) never"))["problems"]).toEqual(["4 warning `constructor` is no rule"]);
    expect((await of("allwo(heap-free) x"))["problems"]).toHaveLength(1);
  });
  it("holds until its last day", async () => {
    const body = `extern "C" fn h(_: i32) {\n  unsafe { malloc(1); } // sigsafe: allow(heap-allocation) x until 2027-06-01\n}\n${INSTALL}`;
    expect((await check(body))["suppressed"]).toEqual(["4 heap-allocation: x"]);
  });
  it("matches by handler and site from the configuration", async () => {
    const allow = (handler: string | null, site: string | null): Allow => ({
      rule: "heap-allocation",
      reason: "r",
      until: null,
      source: "sigsafe.toml:1",
      scope: { k: "match", handler, site, version: null, checksum: null },
      at: { package: null, file: "sigsafe.toml", line: 1 },
    });
    const body = `extern "C" fn h(_: i32) { unsafe { malloc(1); } }\n${INSTALL}`;
    for (const one of [allow("h", null), allow("app::h", "h"), allow(null, "src/main.rs:3"), allow(null, null)])
      expect(await check(body, [one])).toMatchObject({ suppressed: ["3 heap-allocation: r"], problems: [] });
    for (const one of [allow("g", null), allow(null, "src/main.rs:4")])
      expect(await check(body, [one])).toMatchObject({ suppressed: [], verdict: "unsafe" });
  });
  it("binds an allowance to a package's checksum", () => {
    const allow: Allow = {
      rule: "heap-allocation",
      reason: "looked at",
      until: null,
      source: "sigsafe.toml:1",
      scope: { k: "match", handler: null, site: null, version: null, checksum: "abc" },
      at: { package: null, file: "sigsafe.toml", line: 1 },
    };
    const finding = { rule: "heap-allocation", site: { package: "dep@1.0.0" } } as Finding;
    const used = (checksum: string | null): boolean =>
      suppress([finding], "h", [allow], TODAY, () => checksum).findings[0]?.suppressed?.reason === "looked at";
    expect([used("abc"), used("abd"), used(null)]).toEqual([true, false, false]);
  });
  it("lowers errors of fault handlers by package", async () => {
    const text = `extern "C" { fn signal(s: i32, h: usize) -> usize; fn malloc(n: usize) -> *mut u8; }
extern "C" fn h(_: i32) { unsafe { malloc(1); } }
fn main() { unsafe { signal(11, h as usize); } }`;
    const level = async (options: Partial<ProgramOptions>): Promise<unknown> =>
      (await reportOf([{ name: "app", text }], options)).findings.find((one) => one.kind === "alloc")?.level;
    expect(await level({})).toBe("warning");
    expect(await level({ faultErrorsOf: { app: "error" } })).toBe("error");
    expect(await level({ faultErrorsOf: { other: "error" } })).toBe("warning");
    expect(await level({ faultLowers: false, faultErrorsOf: { app: "warning" } })).toBe("warning");
  });
  it("takes what a function requires for granted, and checks its callers", async () => {
    const lib = `use std::sync::LazyLock;
extern "C" { fn sigaction(s: i32, a: *const Action, o: *mut Action) -> i32; }
#[repr(C)] pub struct Action { sa_sigaction: usize, mask: [u64; 16], sa_flags: i32, sa_restorer: usize }
static LZ: LazyLock<Vec<u8>> = LazyLock::new(|| vec![1]);
extern "C" fn h(_: i32) { let _ = LZ.len(); }
pub fn init() { LazyLock::force(&LZ); }
CLAIM
pub fn install() { unsafe { sigaction(10, &Action { sa_sigaction: h as usize, mask: [0; 16], sa_flags: 0, sa_restorer: 0 }, std::ptr::null_mut()); } }`;
    const of = async (claim: string, main: string): Promise<Record<string, unknown>> => {
      const text = `fn main() { ${main} }`;
      const crates = [
        { name: "lib", text: lib.replace("CLAIM", claim) },
        { name: "app", text, deps: ["lib"] },
      ];
      return told(await reportOf(crates));
    };
    const claim = "// sigsafe: requires(init)";
    expect(await of("", "lib::init(); lib::install();")).toMatchObject({ verdict: "unsafe", problems: [] });
    expect(await of(claim, "lib::init(); lib::install();")).toMatchObject({ verdict: "clean", problems: [] });
    expect((await of(claim, "lib::install(); lib::init();"))["problems"]).toEqual([
      "1 error `lib::install` requires `lib::init`, which is not called on every way to this call",
    ]);
    expect((await of("// sigsafe: requires(start)", "lib::install();"))["problems"]).toEqual([
      "7 warning `requires(start)`: no function of that name is in sight",
    ]);
    expect((await of("// sigsafe: requires", "lib::install();"))["problems"]).toHaveLength(1);
  });
  it("checks claims and takes handlers that are named", async () => {
    expect(await check("// sigsafe: safe\nfn f() { unsafe { malloc(1); } }\nfn main() {}")).toMatchObject({
      verdict: "no-handlers",
      problems: [
        "4 error `app::f` is said to be safe in a handler, but `malloc` can allocate from the heap (src/main.rs:4)",
      ],
    });
    expect(await check("// sigsafe: safe\nfn f() { unsafe { _exit(1) } }\nfn main() {}")).toMatchObject({
      problems: [],
    });
    expect(await check("// sigsafe: handler\nfn f() { unsafe { malloc(1); } }\nfn main() {}")).toMatchObject({
      verdict: "unsafe",
      problems: [],
    });
    expect((await check("// sigsafe: handler\nstruct S;\nfn main() {}"))["problems"]).toHaveLength(1);
  });
});
