import { defineConfig } from "vitest/config";
import LongFilesFirst from "./test/support/long-files-first.ts";

/**
 * Files that leave their process as it was. They share one for each worker, and load the CDK, the local cloud and the
 * rest once. Those left out give `@defer/client` or the SDK an environment, which both remember.
 */
const shared =
  "test/{api,aws,bench,bin,builder,client,contract,core,decorators,docs,e2e,flows,lib,lint,local,log,model,proof," +
  "run,scripts}/**/" +
  "!(announcement|client|client-functions|client-version-1|client-versions|flow-control|lazy-clients).test.ts";
const notTests = "test/fixtures/**";

export default defineConfig({
  test: {
    globalSetup: ["test/support/shared-folder.ts"],
    retry: 0,
    // Much of what is tested is waiting: more at once than the two cores that CI has.
    maxWorkers: 3,
    reporters: ["default", "./test/support/slowest-files.ts"],
    silent: "passed-only",
    sequence: { shuffle: true, sequencer: LongFilesFirst },
    // Limits for what hangs, not for what is slow.
    testTimeout: 240_000,
    hookTimeout: 300_000,
    projects: [
      { extends: true, test: { name: "alone", include: ["test/**/*.test.ts"], exclude: [notTests, shared] } },
      { extends: true, test: { name: "shared", include: [shared], isolate: false } },
    ],
  },
});
