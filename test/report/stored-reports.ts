/** Reports that were stored once, for tests of formats: nothing is analysed. Each call gives a copy of its own. */
import { readFileSync } from "node:fs";
import { packageFile } from "../../src/base/package-file.ts";
import type { Report } from "../../src/safety/report-model.ts";

/** pprof 0.15.0 with its `framehop-unwinder` feature as a dependency of a small program; or the fixture `deadlock`. */
export function storedReport(name: "pprof-0.15.0" | "deadlock"): Report {
  return JSON.parse(readFileSync(packageFile(`test/report/stored/${name}.json`), "utf8"));
}

/** What a crate under review may hold to steer a terminal, a page, a workflow log or a document. */
export const hostile =
  "::error::0\u009b31m##[error]y \u{e0041}\u2028<!-- ```\n</script><script>alert(1)</script><img src=x onerror=alert(1)>\u001b[2J\u202eb\r\n::error::x\u0007`[a](javascript:alert(1))|*_\"'&%0A,:";

/** A report whose every name, snippet and message is the hostile text. */
export function hostileReport(): Report {
  const keep = new Set(["id", "handler", "level", "rule", "kind", "via", "verdict", "reason", "delivery", "entryKind"]);
  keep.add("certainty").add("guard").add("reachable").add("programs").add("lineHash").add("checksum");
  const change = (value: unknown, key: string): unknown => {
    if (typeof value === "string") return keep.has(key) ? value : hostile;
    if (Array.isArray(value))
      return key === "conditions" || (key === "programs" && value.every((one) => typeof one === "string"))
        ? value
        : value.map((one) => change(one, key));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, change(one, name)]));
  };
  const report = storedReport("pprof-0.15.0");
  return { ...(change(report, "") as Report), tool: report.tool, packages: report.packages };
}
