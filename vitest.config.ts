import { defineConfig } from "vitest/config";
import LongFilesFirst from "./test/support/long-files-first.ts";

/** Files that change nothing in their process. They share one for each worker, and load the CDK and the rest once. */
const shared = "test/{core,docs,flows,lib}/**/*.test.ts";
const notTests = "test/fixtures/**";

export default defineConfig({
  test: {
    globalSetup: ["test/support/shared-folder.ts"],
    retry: 0,
    // Much of what is tested is waiting: two at once, also where there are two cores only.
    maxWorkers: 2,
    reporters: ["default", "./test/support/slowest-files.ts"],
    silent: "passed-only",
    sequence: { shuffle: true, sequencer: LongFilesFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: "alone", include: ["test/**/*.test.ts"], exclude: [notTests, shared] } },
      { extends: true, test: { name: "shared", include: [shared], isolate: false } },
    ],
  },
});
