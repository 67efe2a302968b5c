/**
 * The page: one file, everything of the report in it, hostile text inert; and in a real browser: no complaint, no request, search,
 * keyboard, light and dark. Without Chromium the browser's part is skipped, and says so.
 */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderHtml } from "../../src/report/html.ts";
import { broken, codeBlock, prose } from "../../src/report/html-text.ts";
import type { Report } from "../../src/safety/report-model.ts";
import { chromiumPath, openPage, type Page } from "../support/chromium.ts";
import { tempFiles } from "../support/temp-files.ts";
import { hostileReport, storedReport } from "./stored-reports.ts";

const pprof: Report = storedReport("pprof-0.15.0");
const page: string = renderHtml(pprof);

/** What a reader sees of HTML, near enough for comparing. */
function textOf(html: string): string {
  return html
    .replaceAll(/<(style|script)>[\s\S]*?<\/\1>/g, "")
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

describe("the page", () => {
  test("holds every handler, finding, frame, effect, guard and blind spot", () => {
    const text = textOf(page);
    const place = (one: { readonly package: string; readonly file: string; readonly line: number }): string =>
      `${one.package}/${one.file}:${one.line}`;
    for (const one of pprof.handlers) expect(text).toContain(one.function);
    for (const one of pprof.findings) {
      expect(text).toContain(one.callee);
      for (const frame of [...one.trace, ...(one.beyond ?? [])]) {
        expect(text).toContain(frame.function);
        expect(text).toContain(place(frame));
        expect(text).toContain(frame.snippet);
      }
      for (const effect of one.covers) expect(text).toContain(place(effect.site));
    }
    for (const one of pprof.guards) expect(text).toContain(place(one));
    for (const one of pprof.blindSpots) expect(text).toContain(place(one));
  });

  test("loads nothing, and allows its own style and script alone", () => {
    expect(page).not.toMatch(/<(link|img|iframe|object|embed|base)\b|\ssrc=|\sstyle=|\son\w+=|@import|url\(/i);
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";
    expect(policy).toContain("default-src 'none'");
    for (const tag of ["style", "script"]) {
      const inline = [...page.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, "g"))];
      expect(inline).toHaveLength(1);
      const digest = createHash("sha256")
        .update(inline[0]?.[1] ?? "")
        .digest("base64");
      expect(policy).toContain(`${tag}-src 'sha256-${digest}'`);
    }
  });

  test("hostile text adds no tag and no attribute", () => {
    const tags = (html: string): string[] =>
      [...html.matchAll(/<\/?[a-z][^>]*>/gi)].map(([tag]) => tag.replaceAll(/"[^"]*"/g, '""'));
    const allowed = new Set(tags(page));
    expect(tags(renderHtml(hostileReport())).filter((tag) => !allowed.has(tag))).toEqual([]);
    expect(renderHtml(hostileReport())).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]|javascript:alert\(1\)"/);
  });

  test("one id for one thing, and every link inside leads to one", () => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target);
  });

  test("an incomplete handler is not called clean; no handlers are said", () => {
    const incomplete: Report = {
      ...pprof,
      handlers: pprof.handlers.map((one) => ({ ...one, verdict: "incomplete" })),
      programs: pprof.programs.map((one) => ({ ...one, verdict: "incomplete" })),
      findings: [],
      guards: [],
    };
    const text = textOf(renderHtml(incomplete));
    expect(text).toMatch(/incomplete, \d+ blind spots/);
    expect(text).not.toMatch(/\bclean\b|\bsafe\b/);
    const none: Report = { ...incomplete, handlers: [], blindSpots: [] };
    expect(textOf(renderHtml(none))).toContain("No signal handler was found");
  });

  test("a path far deeper than any page nests is whole", () => {
    const [first] = pprof.findings;
    if (first === undefined) throw new Error("no finding");
    const trace = Array.from({ length: 900 }, (_, at) => ({
      ...first.site,
      via: "call" as const,
      snippet: "",
      function: `step${at}`,
    }));
    const html = renderHtml({ ...pprof, findings: [{ ...first, trace, beyond: [] }] });
    expect(html.match(/<span class="fn">step\d+/g)).toHaveLength(900);
    expect(html.match(/<(ul|li)\b/g)?.length).toBe(html.match(/<\/(ul|li)>/g)?.length);
  });

  test.each([
    ["`a` b `c`", "<code>a</code> b <code>c</code>"],
    ["a ` b", "a ` b"],
    ["<b>`<i>`", "&#60;b&#62;<code>&#60;i&#62;</code>"],
  ])("prose %s", (raw, html) => {
    expect(prose(raw)).toBe(html);
  });

  test("code is marked where it was, a mark past the line's end is a blank", () => {
    const excerpt = { start: 3, lines: ["\tlet x = f();", "y"], from: 10, to: 13 };
    expect(codeBlock(excerpt, 3)).toContain("<mark>f()</mark>;");
    expect(codeBlock({ ...excerpt, from: 99, to: 120 }, 4)).toContain("y<mark> </mark>");
    expect(broken("a::b/c")).toBe("a::<wbr>b/<wbr>c");
  });
});

const browser: string | null = chromiumPath();
if (browser === null) process.stderr.write("SKIPPED: the page in a browser; install Debian's `chromium` to run it\n");

describe.skipIf(browser === null)("in Chromium", () => {
  let open: Page;

  beforeAll(async () => {
    const file = join(tempFiles({}), "report.html");
    writeFileSync(file, page);
    open = await openPage(browser ?? "", file);
  }, 60_000);
  afterAll(() => open.close());

  const shown = (): Promise<unknown> =>
    open.evaluate("document.querySelectorAll('.item:not([hidden]),.card:not([hidden])').length");

  test("the script runs, the search box takes the focus on /, and what is typed filters", async () => {
    const all = await shown();
    await open.press("/");
    expect(await open.evaluate("document.activeElement.id")).toBe("search");
    for (const key of "pthread_getname_np") await open.press(key);
    expect(await shown()).toBe(1);
    expect(await open.evaluate("document.getElementById('matches').textContent")).toBe(`1 of ${all}`);
    expect(await open.evaluate("document.querySelector('#errors').hidden")).toBe(true);
    await open.press("Escape");
    expect(await shown()).toBe(all);
  }, 60_000);

  test("j and k walk, o opens, e and c open and close all", async () => {
    await open.press("c");
    expect(await open.evaluate("document.querySelectorAll('.item[open]').length")).toBe(0);
    await open.press("j");
    await open.press("j");
    expect(await open.evaluate("document.querySelectorAll('.at-cursor').length")).toBe(1);
    await open.press("o");
    expect(await open.evaluate("document.querySelector('.item[open]').classList.contains('at-cursor')")).toBe(true);
    await open.press("k");
    expect(await open.evaluate("document.querySelector('.at-cursor').classList.contains('card')")).toBe(true);
    await open.press("e");
    expect(await open.evaluate("document.querySelectorAll('.item:not([open])').length")).toBe(0);
  }, 60_000);

  test("light and dark by the system, and by t; text stands out in both", async () => {
    const contrast = `(() => {
      const light = (text) => { const [r, g, b] = text.match(/[\\d.]+/g).map((one) => one / 255).map((one) => one <= .03928 ? one / 12.92 : ((one + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
      const ground = light(getComputedStyle(document.querySelector('.card')).backgroundColor);
      const texts = ['.card', '.card .dim', '.card a', '.badge.unsafe', '.badge.warning', '.badge.good', '.badge.incomplete'];
      return texts.map((one) => { const ink = light(getComputedStyle(document.querySelector(one)).color); return (Math.max(ink, ground) + .05) / (Math.min(ink, ground) + .05); });
    })()`;
    const ground = (): Promise<unknown> => open.evaluate("getComputedStyle(document.body).backgroundColor");
    const seen = new Set<unknown>();
    for (const value of ["light", "dark"]) {
      await open.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value }] });
      seen.add(await ground());
      for (const one of (await open.evaluate(contrast)) as number[]) expect(one).toBeGreaterThan(4.5);
    }
    expect(seen.size).toBe(2);
    await open.press("t");
    expect(await open.evaluate("document.documentElement.dataset.theme")).toBe("light");
  }, 60_000);

  test("a link to a finding opens it; nothing is wider than a telephone", async () => {
    const id = pprof.findings.at(-1)?.id ?? "";
    const first = /id="f-([0-9a-f]+)"(?! open)/.exec(page)?.[1] ?? id;
    await open.press("c");
    await open.evaluate(`location.hash = "f-${first}"; new Promise((done) => setTimeout(done, 100))`);
    expect(await open.evaluate(`document.getElementById("f-${first}").open`)).toBe(true);
    await open.press("e");
    await open.send("Emulation.setDeviceMetricsOverride", {
      width: 390,
      height: 800,
      deviceScaleFactor: 1,
      mobile: true,
    });
    expect(await open.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
  }, 60_000);

  test("the browser has nothing to complain of, and asked the network for nothing", () => {
    expect(open.complaints).toEqual([]);
  });

  test("hostile text runs nothing", async () => {
    const file = join(tempFiles({}), "hostile.html");
    writeFileSync(file, renderHtml(hostileReport()));
    const hostile = await openPage(browser ?? "", file);
    try {
      expect(await hostile.evaluate("document.querySelectorAll('script').length")).toBe(1);
      expect(await hostile.evaluate("document.querySelectorAll('img').length")).toBe(0);
      expect(await hostile.evaluate("document.title.length > 0 && document.querySelectorAll('.item').length > 0")).toBe(
        true,
      );
      expect(hostile.complaints).toEqual([]);
    } finally {
      await hostile.close();
    }
  }, 60_000);

  test("what the browser would complain of is seen: a request, a script and a style that are not the page's", async () => {
    const planted = ["<img src=x.png>", "<script>planted()</script>", "<p style='color:red'>"];
    const file = join(tempFiles({}), "planted.html");
    writeFileSync(file, page.replace("</main>", `${planted.join("")}</main>`));
    const bad = await openPage(browser ?? "", file);
    try {
      for (const policy of ["img-src", "script-src", "style-src"])
        expect(bad.complaints.some((one) => one.includes(policy) || one.includes("default-src"))).toBe(true);
      expect(bad.complaints.length).toBeGreaterThanOrEqual(3);
    } finally {
      await bad.close();
    }
  }, 60_000);
});
