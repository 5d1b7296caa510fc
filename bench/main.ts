import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { Bench, BenchOptions, BenchResult } from "./figure.ts";
import { machine } from "./machine.ts";
import { table } from "./table.ts";

// Prints the figures of all benches, or of those named: npm run bench -- [names] [--json FILE] [--full]

const benches: Record<string, () => Promise<{ bench: Bench }>> = {
  cost: () => import("./cost.ts"),
  list: () => import("./list.ts"),
  bulk: () => import("./bulk.ts"),
  lateness: () => import("./lateness.ts"),
  schedules: () => import("./schedules.ts"),
  throughput: () => import("./throughput.ts"),
  coldstart: () => import("./coldstart.ts"),
  handler: () => import("./handler.ts"),
  partitions: () => import("./partitions.ts"),
  fairness: () => import("./fairness.ts"),
  backlog: () => import("./backlog.ts"),
  peers: () => import("./peers.ts"),
};

const MINUTE_MS = 60_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "string" }, full: { type: "boolean", default: false } },
});
const options: BenchOptions = { full: values.full };
const names = positionals.length > 0 ? positionals : Object.keys(benches);
const unknown = names.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`no bench ${unknown.join(", ")}; there are ${Object.keys(benches).join(", ")}`);
  process.exit(2);
}

const measuredOn = machine();
console.log(measuredOn);
const results: Record<string, BenchResult | { error: string }> = {};
for (const name of names) {
  const result = await run(name);
  results[name] = result;
  console.log(`\n${name}\n`);
  if ("error" in result) {
    process.exitCode = 1;
    console.log(result.error);
    continue;
  }
  console.log(table(result.figures));
  for (const note of result.notes) console.log(`- ${note}`);
}
if (values.json !== undefined) {
  await writeFile(values.json, `${JSON.stringify({ machine: measuredOn, benches: results }, undefined, 2)}\n`);
}

/** The watchdogs of local clouds end what they have started when this process goes. */
async function run(name: string): Promise<BenchResult | { error: string }> {
  const maxMinutes = options.full ? 240 : 20;
  const limit = setTimeout(() => {
    console.error(`${name}: not done after ${maxMinutes} minutes`);
    process.exit(1);
  }, maxMinutes * MINUTE_MS);
  try {
    const module = await benches[name]?.();
    if (module === undefined) throw new Error(`no bench ${name}`);
    return await module.bench(options);
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  } finally {
    clearTimeout(limit);
  }
}
