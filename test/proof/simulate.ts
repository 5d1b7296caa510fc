import { parseArgs } from "node:util";
import { type FaultKind, type Plan, planOf, shrink } from "./plan.ts";
import { type Simulated, simulate } from "./simulation.ts";

// npm run simulate -- --seeds 1..10000
// npm run simulate -- --seeds 17..17 --executions 0,4 --faults "late messages" --trace

const { values } = parseArgs({
  options: {
    /** First and last seed. */
    seeds: { type: "string", default: "1..1000" },
    /** Only these executions of the plan, by index. */
    executions: { type: "string" },
    /** Only so many schedules of the plan; those of a shrunk plan are printed. */
    schedules: { type: "string" },
    /** Only so many pauses of the plan. */
    pauses: { type: "string" },
    /** Only these kinds of faults; empty for none. */
    faults: { type: "string" },
    /** Prints every write of every record. */
    trace: { type: "boolean", default: false },
  },
});

const [first = 1, last = first] = values.seeds.split("..").map(Number);
const begin = performance.now();
const injected = new Map<string, number>();
let executions = 0;
let failing = 0;

for (let seed = first; seed <= last; seed++) {
  const plan = chosen(planOf(seed));
  const result = await simulate(plan);
  executions += result.versions.size;
  for (const [kind, count] of result.injected) injected.set(kind, (injected.get(kind) ?? 0) + count);
  if (values.trace) printTrace(result);
  if (result.broken.length > 0) await report(plan, result);
  if ((seed - first + 1) % 1_000 === 0) console.log(`${seed - first + 1} seeds, ${seconds()} s`);
}
const faults = [...injected].map(([kind, count]) => `${kind}: ${count}`).join(", ");
console.log(`${last - first + 1} seeds, ${executions} executions, ${seconds()} s, ${failing} seeds break a promise`);
console.log(`faults: ${faults}`);
if (failing > 0) process.exitCode = 1;

function chosen(plan: Plan): Plan {
  const wanted = values.executions?.split(",").map(Number);
  const kinds = values.faults?.split(",").map((kind) => kind.trim() as FaultKind);
  return {
    ...plan,
    executions: plan.executions.filter((_, index) => wanted?.includes(index) ?? true),
    schedules: plan.schedules.slice(0, Number(values.schedules ?? plan.schedules.length)),
    pauses: plan.pauses.slice(0, Number(values.pauses ?? plan.pauses.length)),
    faults: plan.faults.filter((kind) => kinds?.includes(kind) ?? true),
  };
}

async function report(plan: Plan, { broken }: Simulated): Promise<void> {
  failing++;
  console.log(`seed ${plan.seed} breaks a promise:`);
  for (const each of broken) console.log(`  ${each}`);
  const smallest = await shrink(plan, async (smaller) => (await simulate(smaller)).broken.length > 0);
  const left = planOf(plan.seed).executions.map((it, index) => ({ text: JSON.stringify(it), index }));
  const indexes = smallest.executions.map((it) => {
    const at = left.findIndex(({ text }) => text === JSON.stringify(it));
    return left.splice(at, 1)[0]?.index;
  });
  console.log(`  smallest: ${smallest.executions.length} executions, faults: ${smallest.faults.join(", ") || "none"}`);
  const { jobs, batches } = smallest;
  for (const each of [...smallest.executions, ...smallest.schedules, ...smallest.pauses, ...jobs, ...batches])
    console.log(`    ${JSON.stringify(each)}`);
  for (const each of (await simulate(smallest)).broken) console.log(`    ${each}`);
  const schedules = smallest.schedules.length === 0 ? " --schedules 0" : "";
  const pauses = smallest.pauses.length === 0 ? " --pauses 0" : "";
  const options = `--executions ${indexes.join(",")} --faults "${smallest.faults.join(",")}"${schedules}${pauses}`;
  console.log(`  again: npm run simulate -- --seeds ${plan.seed}..${plan.seed} ${options} --trace`);
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
