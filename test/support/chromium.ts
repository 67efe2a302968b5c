/**
 * A real Chromium (Debian's) for tests of pages, spoken to over its debugging pipe, so that no package and no port is needed.
 * `chromiumPath` is null where the machine has none: tests then skip and say so.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";

type Params = Readonly<Record<string, unknown>>;

export interface Page {
  /** The value of an expression in the page; a promise is waited for. */
  evaluate(expression: string): Promise<unknown>;
  /** Presses and lets go of a key, as a person does. */
  press(key: string): Promise<void>;
  send(method: string, params?: Params): Promise<Params>;
  /** What the page logged, threw, was refused by its policy, or asked the network for. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** Where Chromium is; null where it is not. */
export function chromiumPath(): string | null {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const folders = (process.env["PATH"] ?? "").split(":");
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isProgram) ?? null;
}

/** Opens a file in a new browser with its own empty profile. */
export async function openPage(program: string, file: string): Promise<Page> {
  const profile = mkdtempSync(join(tmpdir(), "sigsafe-chromium-"));
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run"];
  const child = spawn(program, [...flags, `--user-data-dir=${profile}`, "--window-size=1100,900", "about:blank"], {
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    // A process group of its own: on a slow machine its helpers outlive it, and write into the profile that is removed.
    detached: true,
  });
  const complaints: string[] = [];
  const call = connect(child, (method, params) => {
    const text = complaintOf(method, params, file);
    if (text !== null) complaints.push(text);
  });
  const { targetId } = await call("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await call("Target.attachToTarget", { targetId, flatten: true });
  const send = (method: string, params: Params = {}): Promise<Params> => call(method, params, String(sessionId));
  for (const domain of ["Page", "Runtime", "Log", "Network"]) await send(`${domain}.enable`);
  await send("Page.navigate", { url: `file://${file}` });
  const evaluate = async (expression: string): Promise<unknown> => {
    const answer = await send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (answer["exceptionDetails"] !== undefined) throw new Error(JSON.stringify(answer["exceptionDetails"]));
    return (answer["result"] as { readonly value?: unknown }).value;
  };
  await evaluate(
    "new Promise((done) => document.readyState === 'complete' && location.protocol === 'file:' ? done() : addEventListener('load', done))",
  );
  return {
    evaluate,
    send,
    complaints,
    press: async (key) => {
      const text = key.length === 1 ? { text: key } : {};
      await send("Input.dispatchKeyEvent", { type: "keyDown", key, ...text });
      await send("Input.dispatchKeyEvent", { type: "keyUp", key });
    },
    close: async () => {
      const ended = new Promise((done) => child.once("exit", done));
      child.kill();
      await ended;
      endGroup(child.pid);
      rmSync(profile, { recursive: true, force: true, maxRetries: 40, retryDelay: 100 });
    },
  };
}

/** Ends what is left of a process group. */
function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

type Call = (method: string, params: Params, sessionId?: string) => Promise<Params>;

/** Messages are JSON, each ended by a zero byte. */
function connect(child: ChildProcess, onEvent: (method: string, params: Params) => void): Call {
  const [, , , toBrowser, fromBrowser] = child.stdio as unknown as [null, null, null, Writable, Readable];
  const waiting = new Map<number, { done: (result: Params) => void; fail: (error: Error) => void }>();
  let rest = "";
  fromBrowser.setEncoding("utf8");
  fromBrowser.on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\0");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const { id, method, params, result, error } = JSON.parse(part);
      if (id === undefined) onEvent(method, params);
      else if (error !== undefined) waiting.get(id)?.fail(new Error(JSON.stringify(error)));
      else waiting.get(id)?.done(result);
    }
  });
  child.on("close", () => {
    for (const one of waiting.values()) one.fail(new Error("Chromium ended"));
  });
  let last = 0;
  return (method, params, sessionId) =>
    new Promise((done, fail) => {
      last += 1;
      waiting.set(last, { done, fail });
      toBrowser.write(
        `${JSON.stringify({ id: last, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`,
      );
    });
}

function complaintOf(method: string, params: Params, file: string): string | null {
  if (method === "Runtime.exceptionThrown" || method === "Runtime.consoleAPICalled" || method === "Log.entryAdded")
    return `${method} ${JSON.stringify(params)}`;
  if (method !== "Network.requestWillBeSent") return null;
  const { url } = params["request"] as { readonly url: string };
  return url.startsWith(`file://${file}`) ? null : `request ${url}`;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
