/** GitHub's annotations, Markdown and dot of stored reports; and the files and streams that they are written to. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { repositoryPrefix } from "../../src/cli/formats.ts";
import { outputTargets } from "../../src/cli/output.ts";
import type { OutputFlags } from "../../src/cli/run-options.ts";
import { readStoredReport } from "../../src/cli/stored-report.ts";
import { writeFileWhole } from "../../src/cli/write-file.ts";
import { pathsOf, renderDot } from "../../src/report/dot.ts";
import { renderGithub } from "../../src/report/github.ts";
import { renderHtml } from "../../src/report/html.ts";
import { renderMarkdown } from "../../src/report/markdown.ts";
import type { Report } from "../../src/safety/report-model.ts";
import { runCli } from "../support/run-cli.ts";
import { tempFiles } from "../support/temp-files.ts";
import { hostileReport, storedReport } from "./stored-reports.ts";

const pprof: Report = storedReport("pprof-0.15.0");
const stored = "test/report/stored/pprof-0.15.0.json";

describe("github", () => {
  const lines = renderGithub(pprof, "").trimEnd().split("\n");

  test("an annotation for the error, one for the warnings of a line", () => {
    const line = pprof.packages.find((one) => one.id === "pprof@0.15.0")?.lock?.line;
    expect(lines[0]).toMatch(new RegExp(`^::error file=Cargo\\.lock,line=${line},title=lazy-init::.*Path: .*`));
    expect(lines.filter((one) => one.startsWith("::warning "))).toHaveLength(1);
    expect(lines[1]).toMatch(/title=warnings at 12 places in .*%2C .*::/);
  });

  test("files are named from the repository's root", () => {
    expect(renderGithub(storedReport("deadlock"), "sub")).toMatch(
      /^::error file=sub\/fixtures\/deadlock\/profiler\/src\/lib\.rs,line=27,/,
    );
  });

  test("more than ten of a level are counted, not lost", () => {
    const [first] = pprof.findings;
    if (first === undefined) throw new Error("no finding");
    const findings = Array.from({ length: 13 }, (_, at) => ({
      ...first,
      id: `${at}`,
      site: { ...first.site, line: at + 1 },
    }));
    const text = renderGithub({ ...pprof, findings }, "");
    expect(text.match(/^::error /gm)).toHaveLength(10);
    expect(text).toMatch(/^::notice title=sigsafe-lint::3 more errors/m);
  });

  test("hostile text begins no command and ends no property", () => {
    for (const line of renderGithub(hostileReport(), "").trimEnd().split("\n")) {
      expect(line).toMatch(/^(::(error|warning|notice) (file=[^:,]*,line=\d+,)?title=[^:]*::|handler )/);
      expect(line).not.toMatch(/[\u0000-\u001f\u202e]/);
      expect(line.replaceAll(/%(25|0A|0D|3A|2C)/g, "")).not.toContain("%");
    }
  });
});

describe("markdown", () => {
  test("of pprof 0.15.0 is as it was", async () => {
    await expect(renderMarkdown(pprof)).toMatchFileSnapshot("pprof-0.15.0.md");
  });

  test("is cut at a size, and says so", () => {
    const text = renderMarkdown(pprof, 4000);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4000);
    expect(text).toMatch(/_\d+ sections? left out/);
    expect(text).toContain("❌ unsafe");
  });

  test("hostile text makes no markup: tags only of our own, tables as wide as they are", () => {
    const text = renderMarkdown(hostileReport());
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    const outside = text.replaceAll(/(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, "").replaceAll(/^```[\s\S]*?^```/gm, "");
    expect([...outside.matchAll(/<\/?([a-z]+)/gi)].map((match) => match[1])).toSatisfy((names: string[]) =>
      names.every((name) => ["details", "summary", "code"].includes(name)),
    );
    expect(outside).not.toMatch(/\]\(|javascript:/);
  });

  test("a clean report and one without handlers say what they say", () => {
    const none: Report = { ...pprof, handlers: [], findings: [], blindSpots: [], guards: [] };
    expect(renderMarkdown(none)).toMatch(/No signal handler was found in \d+ packages/);
    expect(renderMarkdown(none)).not.toMatch(/\bclean\b|\bsafe\b/);
  });
});

test("what brought a finding is said in every format for people", () => {
  const [error] = pprof.findings.filter((one) => one.level === "error");
  if (error === undefined) throw new Error("no error");
  const cause = {
    file: "app/Cargo.toml",
    line: 12,
    endColumn: 9,
    lineHash: "",
    why: "feature `x` of y is switched on",
  };
  const report: Report = {
    ...pprof,
    input: { ...pprof.input, changesOnly: true },
    findings: [{ ...error, cause }],
  };
  expect(renderMarkdown(report)).toContain("**Brought by** `app/Cargo.toml:12`: feature `x` of y is switched on.");
  expect(renderGithub(report, "")).toMatch(
    /^::error file=app\/Cargo\.toml,line=12,.*%0ABrought by app\/Cargo\.toml:12: feature `x`/,
  );
  const page = renderHtml(report);
  expect(page).toContain("<h1>What a change brings to signal handlers</h1>");
  expect(page).toContain("<dt>brought by</dt><dd><code>app/<wbr>Cargo.toml:12</code>: feature <code>x</code> of y is");
});

describe("dot", () => {
  test("draws each path of the report from its handler to what it ends in", () => {
    const graph = pathsOf(pprof);
    const names = new Map(graph.functions.map((one) => [one.index, one.path]));
    expect(graph.handlers.map((one) => names.get(one))).toEqual(["pprof::profiler::perf_signal_handler"]);
    const text = renderDot(graph);
    expect(text).toMatch(/^digraph sigsafe \{\n[\s\S]*\n\}\n$/);
    expect(text).toContain('label="unlisted-call: pthread_getname_np"');
    for (const [from, to] of graph.edges) expect(text).toContain(`f${from} -> f${to}`);
  });

  test("hostile names end no string", () => {
    for (const line of renderDot(pathsOf(hostileReport())).split("\n"))
      expect(line.replaceAll(/"(?:[^"\\]|\\.)*"/g, "")).toMatch(/^[\w\s{}[\];=,>-]*$/);
  });

  test("unresolved calls and C functions of a whole graph are drawn", () => {
    const text = renderDot({
      handlers: [0],
      functions: [{ index: 0, path: "a::f", package: "a@1.0.0", file: "src/lib.rs", line: 1 }],
      edges: [[0, 0, "method"]],
      external: [{ symbol: "write", verdict: "safe", from: [0] }],
      unresolved: [
        { reason: "fn-pointer", from: 0 },
        { reason: "fn-pointer", from: 0 },
      ],
    });
    expect(text).toContain('f0 -> f0 [label="method"]');
    expect(text).toContain("f0 -> x0");
    expect(text).toContain('label="fn-pointer ×2"');
  });
});

describe("report --from", () => {
  test("writes several formats in one run, and one to stdout; the exit code is that of check", async () => {
    const out = tempFiles({});
    const files = ["json", "sarif", "html", "markdown", "dot", "github"].map(
      (one) => [one, join(out, `r.${one}`)] as const,
    );
    const args = files.flatMap(([format, file]) => ["--output", `${format}=${file}`]);
    const run = await runCli(["report", "--from", stored, ...args, "--output", "text=-"]);
    expect([run.code, run.stderr]).toEqual([1, ""]);
    expect(run.stdout).toMatch(/^error\[lazy-init\]/);
    expect(readdirSync(out).sort()).toEqual(files.map(([one]) => `r.${one}`).sort());
    for (const [, file] of files) expect(readFileSync(file, "utf8").endsWith("\n")).toBe(true);
    expect(JSON.parse(readFileSync(join(out, "r.json"), "utf8"))).toEqual(pprof);
  }, 60_000);

  test("adds to the job summary where GitHub names one", async () => {
    const out = tempFiles({ "summary.md": "before\n" });
    const env = { GITHUB_STEP_SUMMARY: join(out, "summary.md") };
    const run = await runCli(["report", "--from", stored, "--format", "github", "--fail-on", "never"], { env });
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/^::error /);
    expect(readFileSync(join(out, "summary.md"), "utf8")).toBe(`before\n${renderMarkdown(pprof)}`);
  }, 60_000);

  test("what cannot be read is an error with a way out, and ends with 2", async () => {
    const at = tempFiles({
      "broken.json": "{",
      "other.json": '{"a": 1}',
      "list.json": "[]",
      "newer.json": '{"schemaVersion": 2}',
      "half.json": JSON.stringify({ ...pprof, findings: [{ id: 1 }] }),
    });
    const cases: readonly (readonly [string, RegExp])[] = [
      ["missing.json", /cannot be read/],
      ["broken.json", /is no JSON/],
      ["other.json", /no report of sigsafe-lint/],
      ["list.json", /no report of sigsafe-lint/],
      ["newer.json", /schemaVersion 2, and this program reads 1/],
      ["half.json", /half\.json: at \/findings\/0/],
    ];
    for (const [file, message] of cases) expect(() => readStoredReport(join(at, file)), file).toThrow(message);
    expect(() => readStoredReport("/dev/zero")).toThrow("/dev/zero is larger than 256 MB");
    const run = await runCli(["report", "--from", join(at, "newer.json"), "--output", `text=${join(at, "out.txt")}`]);
    expect([run.code, run.stdout, existsSync(join(at, "out.txt"))]).toEqual([2, "", false]);
    expect(run.stderr).toMatch(/schemaVersion 2.*= help: print it with the version/s);
  }, 60_000);

  test("wrong outputs are told before anything is done", async () => {
    const flags: OutputFlags = { format: "text", output: [], failOn: "error", color: "never", hyperlinks: "never" };
    const targets = (...output: string[]): unknown => outputTargets({ ...flags, output });
    expect(() => targets("serif=x")).toThrow("`serif` is no format");
    expect(() => targets("sarif=")).toThrow("names no file");
    expect(() => targets("json=a", "text=a")).toThrow("two reports are to be written to a");
    expect(targets()).toEqual([{ format: "text", file: "-" }]);
    expect(targets("./serif=x", "json=-")).toEqual([
      { format: "text", file: "./serif=x" },
      { format: "json", file: "-" },
    ]);
    const run = await runCli(["report", "--from", stored, "--output", "text=/nonexistent-folder/x"]);
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/cannot be written.*= help: /s);
  }, 60_000);
});

describe("a file is written whole or not at all", () => {
  test("over one that is there, keeping its mode; a link stays a link", () => {
    const at = tempFiles({ "a.txt": "old" });
    chmodSync(join(at, "a.txt"), 0o600);
    symlinkSync("a.txt", join(at, "link.txt"));
    writeFileWhole(join(at, "link.txt"), "new");
    expect(readFileSync(join(at, "a.txt"), "utf8")).toBe("new");
    expect(readdirSync(at).sort()).toEqual(["a.txt", "link.txt"]);
  });

  test("a folder cannot be written, and nothing is left behind", () => {
    const at = tempFiles({});
    mkdirSync(join(at, "folder"));
    expect(() => writeFileWhole(join(at, "folder"), "x")).toThrow();
    expect(readdirSync(at)).toEqual(["folder"]);
  });

  test("a device is written to, not replaced", () => {
    writeFileWhole("/dev/null", "x");
    expect(existsSync("/dev/null")).toBe(true);
  });
});

test("the working directory's place in the repository", () => {
  const at = tempFiles({ "a/b/file": "" });
  expect(repositoryPrefix(join(at, "a/b"))).toBe("");
  writeFileSync(join(at, ".git"), "gitdir: elsewhere");
  expect(repositoryPrefix(join(at, "a/b"))).toBe("a/b");
  expect(repositoryPrefix(at)).toBe("");
});
