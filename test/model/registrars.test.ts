/** rules/registrars.json: what installs a handler, and what signals and flags are called on each architecture. */
import { expect, test } from "vitest";
import { loadRegistrars } from "../../src/model/registrars.ts";
import { schemaOf, shipped } from "./shipped-data.ts";

const schema = schemaOf("registrars");
const ours = { file: "rules/registrars.json", value: shipped("rules/registrars.json") };
const registrars = loadRegistrars(schema, ours);

test("by link name", () => {
  expect(registrars.bySymbol("sigaction").map(({ id }) => id)).toEqual(["sigaction"]);
  expect(registrars.bySymbol("signal")[0]?.handlers).toEqual([{ arg: 1 }]);
  expect(registrars.bySymbol("syscall")[0]?.match.where).toMatchObject([{ arg: 0, constant: "SYS_rt_sigaction" }]);
  expect(registrars.bySymbol("pthread_atfork")[0]?.handlers).toHaveLength(3);
  expect(registrars.bySymbol("sigprocmask")).toEqual([]);
  expect(registrars.symbols.has("bsd_signal")).toBe(true);
});

test("by path, where what lies below cannot be followed or is a dispatcher", () => {
  expect(registrars.byPath("signal_hook_registry::register_unchecked")[0]?.dispatchers).toHaveLength(1);
  expect(registrars.byPath("nix::sys::signal::sigaction")[0]?.constructors?.[0]?.handler).toEqual({ arg: 0 });
  expect(registrars.byPath("std::os::unix::process::CommandExt::pre_exec")[0]?.entryKind).toBe("fork-child");
  expect(registrars.byPath("my::sigaction")).toEqual([]);
});

test("what looks like a registrar and is none", () => {
  expect(registrars.notHandler("ctrlc::set_handler")?.why).toContain("thread");
  // What a library installs itself is a handler, whatever its callers get from it.
  expect(registrars.notHandler("tokio::signal::unix::signal")).toBeNull();
  expect(registrars.notHandler("signal_hook::low_level::register")).toBeNull();
});

test("values that are no function", () => {
  expect(registrars.handlerValue(0, "signal")).toBe("SIG_DFL");
  expect(registrars.handlerValue(1, null)).toBe("SIG_IGN");
  expect(registrars.handlerValue(2, "sigset")).toBe("SIG_HOLD");
  expect(registrars.handlerValue(2, "signal")).toBeNull();
  expect(registrars.handlerValue(2 ** 64 - 1, null)).toBe("SIG_ERR");
  expect(registrars.handlerValue(4096, null)).toBeNull();
});

test("names of signals and flags depend on the architecture", () => {
  const { signalName, signalNumber, flagNames, flagBits } = registrars;
  expect([signalName("x86_64", 27), signalName("aarch64", 27)]).toEqual(["SIGPROF", "SIGPROF"]);
  expect([signalName("mips64", 29), signalName("sparc64", 10)]).toEqual(["SIGPROF", "SIGBUS"]);
  expect([signalName("x86_64", 34), signalName("x86_64", 36), signalName("x86_64", 65)]).toEqual([
    "SIGRTMIN",
    "SIGRTMIN+2",
    null,
  ]);
  expect([signalNumber("x86_64", "SIGPOLL"), signalNumber("x86_64", "SIGNONE")]).toEqual([29, null]);
  expect(flagNames("x86_64", 0x1800_0004)).toEqual(["SA_SIGINFO", "SA_ONSTACK", "SA_RESTART"]);
  expect(flagNames("x86_64", -0x8000_0000)).toEqual(["SA_RESETHAND"]);
  expect(flagNames("mips", 8)).toEqual(["SA_SIGINFO"]);
  expect(flagBits("sparc64", "SA_ONSTACK")).toBe(1);
});

test("and on the system: by the name of the target", () => {
  const { numbering, signalName, signalNumber, flagNames } = registrars;
  const on = (target: string, number: number): string | null => signalName(numbering(target), number);
  const bsd = ["x86_64-apple-darwin", "aarch64-apple-ios-sim", "x86_64-unknown-freebsd", "mips64-unknown-openbsd"];
  expect(bsd.map((target) => on(target, 10))).toEqual(bsd.map(() => "SIGBUS"));
  expect(on("x86_64-pc-solaris", 16)).toBe("SIGUSR1");
  expect(["x86_64-unknown-linux-gnu", "aarch64-linux-android"].map((target) => on(target, 10))).toEqual([
    "SIGUSR1",
    "SIGUSR1",
  ]);
  expect([on("sparc64-unknown-linux-gnu", 10), on("aarch64-apple-darwin", 34)]).toEqual(["SIGBUS", null]);
  expect(signalNumber(numbering("aarch64-apple-darwin"), "SIGUSR1")).toBe(30);
  expect(flagNames(numbering("x86_64-unknown-netbsd"), 0x43)).toEqual(["SA_ONSTACK", "SA_RESTART", "SA_SIGINFO"]);
});

test("the signals of faults are delivered as faults", () => {
  const faults = ["SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP", "SIGABRT", "SIGIOT"];
  expect(faults.map(registrars.delivery)).toEqual(faults.map(() => "fault"));
  expect(["SIGPROF", "SIGCHLD", "SIGRTMIN+3"].map(registrars.delivery)).toEqual(["async", "async", "async"]);
});

test("users add their own", () => {
  const mine = {
    id: "mine",
    match: { paths: ["my_crate::on_tick"] },
    entryKind: "signal" as const,
    handlers: [{ arg: 0 }],
    cite: ["here"],
  };
  const both = loadRegistrars(schema, ours, [{ registrars: [mine] }]);
  expect(both.byPath("my_crate::on_tick")).toHaveLength(1);
  expect(both.bySymbol("sigaction")).toHaveLength(1);
});
