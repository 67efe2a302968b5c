/**
 * Published crates whose handlers are fine: each handler with its verdict, each warning and blind spot by name, and no error.
 */
import { describe, expect, it } from "vitest";
import { blind, handlerOf, lintCrate, namesIn, online, said } from "./published.ts";

describe.skipIf(!online)("crates without an error", () => {
  it("ctrlc 3.5.2: sem_post, whose errno is not saved", () => {
    const { code, report } = lintCrate("ctrlc@3.5.2");
    expect(code).toBe(0);
    expect(report.handlers.map((one) => one.function)).toEqual(["ctrlc::platform::unix::os_handler"]);
    expect(handlerOf(report, "ctrlc::platform::unix::os_handler").verdict).toBe("suspect");
    expect(said(report, "error")).toEqual([]);
    expect(said(report, "warning")).toEqual(["errno sem_post at ctrlc@3.5.2 src/platform/unix/mod.rs:60"]);
    expect(blind(report)).toEqual([]);
  });
  it("signal-hook-registry 1.4.8: a dispatcher that calls what it was given", () => {
    const { code, report } = lintCrate("signal-hook-registry@1.4.8");
    expect(code).toBe(0);
    expect(report.handlers.map((one) => one.function)).toEqual(["signal_hook_registry::handler"]);
    expect(handlerOf(report, "signal_hook_registry::handler").verdict).toBe("suspect");
    expect(said(report, "error")).toEqual([]);
    const sites = report.findings.filter((one) => one.level === "warning").map((one) => `${one.kind} ${one.site.line}`);
    expect(sites).toEqual(["user-code 416"]);
    expect(blind(report)).toEqual([
      "fn-pointer signal-hook-registry@1.4.8 src/lib.rs:285",
      "fn-pointer signal-hook-registry@1.4.8 src/lib.rs:289",
      "open-world signal-hook-registry@1.4.8 src/lib.rs:416",
      // What users register, in the closures that `register` and `register_signal_unchecked` put around it.
      "unknown-type signal-hook-registry@1.4.8 src/lib.rs:578",
      "unknown-type signal-hook-registry@1.4.8 src/lib.rs:620",
    ]);
  });
  it("tokio 1.54.1 with signal: the closure that it registers, and the dispatcher", () => {
    const { code, report } = lintCrate("tokio@1.54.1", ["-F", "signal"]);
    expect(code).toBe(0);
    expect(said(report, "error")).toEqual([]);
    const names = report.handlers.map((one) => one.function.replace(/#\d+/, ""));
    expect(names).toEqual(
      expect.arrayContaining(["signal_hook_registry::handler", "tokio::signal::unix::signal_enable::{closure}"]),
    );
    expect(names).toHaveLength(2);
    const own = report.findings.filter((one) => one.level === "warning" && one.site.package === "tokio@1.54.1");
    expect(own.map((one) => one.kind).filter((kind) => kind === "dealloc" || kind === "alloc")).toEqual([]);
  });
  it("signalbool 0.2.5: one atomic", () => {
    const { code, report } = lintCrate("signalbool@0.2.5");
    expect(code).toBe(0);
    expect(report.handlers.map((one) => `${one.function} ${one.verdict}`)).toEqual([
      "signalbool::unix::os_handler clean",
    ]);
    expect([...said(report, "error"), ...said(report, "warning"), ...blind(report)]).toEqual([]);
  });
});

describe.skipIf(!online)("backtrace-on-stack-overflow 0.3.0", () => {
  it("is a fault handler: eprintln! and Backtrace::new are warnings", () => {
    const { code, report } = lintCrate("backtrace-on-stack-overflow@0.3.0");
    expect(code).toBe(0);
    const handler = handlerOf(report, "backtrace_on_stack_overflow::handle_sigsegv");
    expect(handler).toMatchObject({ delivery: "fault", verdict: "suspect" });
    expect(handler.signals).toContain("SIGSEGV");
    expect(said(report, "error")).toEqual([]);
    const stdio = report.findings.filter((one) => one.kind === "stdio" && one.site.line === 94);
    expect(stdio.map((one) => one.level)).toContain("warning");
    const capturing = report.findings.filter((one) => namesIn(one).includes("Backtrace::new"));
    expect(capturing.map((one) => one.level)).toContain("warning");
    expect(report.findings.filter((one) => one.site.line === 95 && one.site.file === "src/lib.rs")).toEqual([]);
  });
});
