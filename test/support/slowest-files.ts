import { relative } from "node:path";
import type { Reporter, TestModule } from "vitest/node";

const SHOWN = 10;

/** Prints the slowest test files of a run with their seconds, so that a suite that grows slow shows where. */
export default class SlowestFiles implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const files = modules.map((module) => {
      const { collectDuration, setupDuration, duration } = module.diagnostic();
      return { file: relative("", module.moduleId), seconds: (collectDuration + setupDuration + duration) / 1_000 };
    });
    const slowest = files.sort((a, b) => b.seconds - a.seconds).slice(0, SHOWN);
    if (files.length <= SHOWN) return;
    console.log(`The ${SHOWN} slowest files, in seconds:`);
    for (const { file, seconds } of slowest) console.log(`${seconds.toFixed(1).padStart(7)}  ${file}`);
  }
}
