import { parseArgs } from "node:util";
import { soak } from "./soak.ts";

// npm run soak -- 1 2 3: the soak test with these seeds, two at once, and what became of it.
// npm run soak -- --fargate 1 2 3: the same, a quarter of the executions on Fargate.

const AT_ONCE = 2;
const EXECUTIONS = 120;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { fargate: { type: "boolean" } } });
const fargate = values.fargate ?? false;
const seeds = positionals.map(Number).values();
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (const seed of seeds) await report(seed);
  }),
);

async function report(seed: number): Promise<void> {
  const begin = performance.now();
  const { broken, accepted, states, injected, rounds, calls } = await soak(seed, EXECUTIONS, { fargate });
  // A machine that is too slow for so many at once answers most calls too late, and then little is shown.
  if (accepted < EXECUTIONS / 2) broken.push(`only ${accepted} of ${EXECUTIONS} executions were accepted`);
  const kinds: Record<string, number> = {};
  for (const each of injected) {
    const kind = /^\w+/.exec(each)?.[0] ?? "";
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  const seconds = Math.round((performance.now() - begin) / 1000);
  console.log(`seed ${seed}: ${broken.length === 0 ? "kept" : "BROKEN"}, settled in ${rounds} rounds, ${seconds} s`);
  console.log(`  states ${JSON.stringify(states)}  faults ${JSON.stringify(kinds)}`);
  console.log(`  ${accepted} executions accepted; ${calls.all} calls recorded, ${calls.unknown} without an answer`);
  for (const each of broken) console.log(`  ${each}`);
  if (broken.length > 0) process.exitCode = 1;
}
