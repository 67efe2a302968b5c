/**
 * Two projects: `fast` needs Node alone; `slow` (`*.slow.test.ts`) needs cargo, rustc, objdump or the package registry, and
 * skips loudly what the machine lacks. Never more than the two workers that the machines have cores for.
 */
import { defineConfig, type ViteUserConfig } from "vitest/config";

const slow: string = "test/**/*.slow.test.ts";

const config: ViteUserConfig = defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "fast",
          include: ["test/**/*.test.ts"],
          exclude: [slow],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: { name: "slow", include: [slow], testTimeout: 600_000, hookTimeout: 600_000 },
      },
    ],
  },
});

export default config;
