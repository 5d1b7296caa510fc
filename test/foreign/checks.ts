/** Runs one check, prints whether it passed, and resolves with that. A text that `run` resolves with is a remark. */
export type Check = (name: string, run: () => unknown) => Promise<boolean>;

/** Collects checks that go on after one has failed. */
export interface Checks {
  check: Check;
  /** How many have failed so far. */
  failed: () => number;
}

export function checks(write: (line: string) => void): Checks {
  let failed = 0;
  return {
    async check(name, run) {
      const beganAt = performance.now();
      const took = () => `${((performance.now() - beganAt) / 1000).toFixed(1)} s`;
      try {
        const remark = await run();
        write(`PASS  ${name}  (${typeof remark === "string" ? `${remark}, ` : ""}${took()})`);
        return true;
      } catch (error) {
        failed += 1;
        write(`FAIL  ${name}  (${took()})\n${indented((error as Error).stack ?? String(error))}`);
        return false;
      }
    },
    failed: () => failed,
  };
}

function indented(text: string): string {
  return text.split("\n").slice(0, 12).join("\n").replaceAll(/^/gm, "      ");
}
