import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Plan, planOf, shrink } from "./plan.ts";
import { type Simulated, simulate } from "./simulation.ts";

// npm run simulate -- --seeds 1..10000
// npm run simulate -- --plan FILE --trace

const { values } = parseArgs({
  options: {
    /** First and last seed. */
    seeds: { type: "string", default: "1..1000" },
    /** Instead of seeds a plan, as a failing seed leaves it. */
    plan: { type: "string" },
    /** Prints every write of every record. */
    trace: { type: "boolean", default: false },
  },
});

const [first = 1, last = first] = values.seeds.split("..").map(Number);
const begin = performance.now();
const injected = new Map<string, number>();
let plansRun = 0;
let executions = 0;
let failing = 0;

for (const plan of plans()) {
  const result = await simulate(plan);
  executions += result.versions.size;
  for (const [kind, count] of result.injected) injected.set(kind, (injected.get(kind) ?? 0) + count);
  if (values.trace) printTrace(result);
  if (result.broken.length > 0) await report(plan, result);
  plansRun++;
  if (plansRun % 1_000 === 0) console.log(`${plansRun} seeds, ${seconds()} s`);
}
const faults = [...injected].map(([kind, count]) => `${kind}: ${count}`).join(", ");
console.log(`${plansRun} seeds, ${executions} executions, ${seconds()} s, ${failing} seeds break a promise`);
console.log(`faults: ${faults}`);
if (failing > 0) process.exitCode = 1;

function* plans(): Iterable<Plan> {
  if (values.plan !== undefined) yield JSON.parse(readFileSync(values.plan, "utf-8")) as Plan;
  else for (let seed = first; seed <= last; seed++) yield planOf(seed);
}

async function report(plan: Plan, { broken }: Simulated): Promise<void> {
  failing++;
  console.log(`seed ${plan.seed} breaks a promise:`);
  for (const each of broken) console.log(`  ${each}`);
  const smallest = await shrink(plan, async (smaller) => (await simulate(smaller)).broken.length > 0);
  console.log(`  smallest: ${smallest.executions.length} executions, faults: ${smallest.faults.join(", ") || "none"}`);
  const { jobs, batches } = smallest;
  for (const each of [...smallest.executions, ...smallest.schedules, ...smallest.pauses, ...jobs, ...batches])
    console.log(`    ${JSON.stringify(each)}`);
  for (const each of (await simulate(smallest)).broken) console.log(`    ${each}`);
  const file = join(mkdtempSync(join(tmpdir(), "epoque-simulation-")), `seed-${plan.seed}.json`);
  writeFileSync(file, JSON.stringify(smallest));
  console.log(`  again: npm run simulate -- --plan ${file} --trace`);
}

function printTrace({ versions }: Simulated): void {
  for (const [id, writes] of versions) {
    console.log(id);
    for (const { updatedAtMs, state, attempt, revision, version, scheduledAtMs } of writes) {
      const at = new Date(updatedAtMs).toISOString().slice(11, 23);
      const due = new Date(scheduledAtMs).toISOString().slice(11, 23);
      console.log(`  ${at} ${state} attempt ${attempt} revision ${revision} version ${version}, due ${due}`);
    }
  }
}

function seconds(): number {
  return Math.round((performance.now() - begin) / 100) / 10;
}
