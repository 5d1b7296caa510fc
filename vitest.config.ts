import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/shared-folder.ts"],
    exclude: ["test/fixtures/**"],
    retry: 0,
    // Much of what is tested is waiting: two at once, also where there are two cores only.
    maxWorkers: 2,
    reporters: ["default", "./test/support/slowest-files.ts"],
    silent: "passed-only",
    sequence: { shuffle: true },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
