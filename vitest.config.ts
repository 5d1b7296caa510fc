import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/fixtures/**"],
    retry: 0,
    // Much of what is tested is waiting: two at once, also where there are two cores only.
    maxWorkers: 2,
    silent: "passed-only",
    sequence: { shuffle: true },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
