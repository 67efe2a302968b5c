/**
 * Packages that ship C which installs handlers: calls are found, and what looks like them is not.
 */
import { describe, expect, it } from "vitest";
import { reportOf } from "./report-of.ts";

async function spotsOf(text: string, hasBuildScript = true): Promise<readonly string[]> {
  const report = await reportOf(
    [
      { name: "native", text: "", member: false, hasBuildScript },
      { name: "app", text: "fn main() {}", deps: ["native"] },
    ],
    {},
    new Map([["/native/src/x.c", text]]),
  );
  expect(report.programs[0]?.verdict).toBe(report.blindSpots.length > 0 ? "incomplete" : "no-handlers");
  return report.blindSpots.map((one) => `${one.reason} ${one.package} ${one.file}:${one.line}:${one.column}`);
}

describe("C sources", () => {
  it("finds installations", async () => {
    expect(await spotsOf("void f(void) {\n  sigaction(SIGSEGV, &sa, NULL);\n}")).toEqual([
      "c-source native@0.1.0 src/x.c:2:3",
    ]);
    expect(await spotsOf("void f(void) { if (signal (SIGINT, on_int) == SIG_ERR) abort(); }")).toHaveLength(1);
    expect(await spotsOf("void f() { old = ::signal(SIGINT, (handler_t)on_int); }")).toHaveLength(1);
  });
  it("leaves out what installs nothing", async () => {
    for (const text of [
      "// sigaction(SIGSEGV, &sa, NULL);",
      '/* signal(SIGINT, f); */ const char *s = "signal(SIGINT, f)";',
      "void f(void) { signal(SIGPIPE, SIG_IGN); signal(SIGPIPE, (handler_t) SIG_DFL); }",
      "void f(void) { sigaction(SIGINT, NULL, &old); }",
      "int sigaction(int signum, const struct sigaction *act, struct sigaction *oldact);",
      "void (*signal(int sig, void (*func)(int)))(int);",
      "void f() { condition.signal(a, b); condition->signal(a, b); Bus::signal(a, b); }",
      "struct sigaction action; my_signal(SIGINT, f);",
    ])
      expect(await spotsOf(text), text).toEqual([]);
  });
  it("leaves out what is another program", async () => {
    const installs = "sigaction(SIGSEGV, &sa, NULL);";
    expect(await spotsOf(`int\nmain(int argc, char **argv)\n{ ${installs} }`)).toEqual([]);
    expect(await spotsOf(`void f(void) { ${installs} }\nint main(void) { f(); return 0; }`)).toEqual([]);
    for (const text of [
      `void f(void) { ${installs} }\n#ifdef TEST_F\nint main(void) { f(); return 0; }\n#endif`,
      `int main(int argc, char **argv);\nvoid f(void) { ${installs} }`,
      `void f(void) { domain(1); run_main(2); ${installs} }`,
    ])
      expect(await spotsOf(text), text).toHaveLength(1);
  });
  it("asks only packages with a build script", async () => {
    expect(await spotsOf("void f(void) { sigaction(SIGSEGV, &sa, NULL); }", false)).toEqual([]);
  });
});
