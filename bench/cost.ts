import { type Scenario, scenarios } from "./cost-scenarios.ts";
import { fargate } from "./fargate.ts";
import type { Bench, Figure } from "./figure.ts";
import type { MeteredCall } from "./meter.ts";
import { dollars, type Usage } from "./prices.ts";
import { Stage } from "./stage.ts";
import { isWrite, minus, times, unitsOf, usageOf } from "./usage.ts";

const MILLION = 1_000_000;
const MINUTE = 60;
const SWEEPS = 5;
/** A table's name as CloudFormation makes it, and what it is called in it. */
const TABLE = /^\w+-Storage([A-Za-z]+?)[0-9A-F]{8}$/;

/** The use of one of a kind, and of how many that is the mean. */
export interface Counted {
  name: string;
  n: number;
  usage: Usage;
}

/** The counts of one run. */
export interface Counts {
  /** Usage of one execution or call of each kind. */
  counted: Counted[];
  /** The AWS requests of one immediate execution, a line each. */
  requests: string[];
  /** Usage of one sweep that finds nothing. */
  sweep: Usage;
}

/** Counts everything, in a local cloud of its own. */
export async function count(): Promise<Counts> {
  await using stage = await Stage.open();
  const sweep = await countSweep(stage);
  // It works without executions too.
  await stage.stopSweep();
  return { ...(await countEach(stage, scenarios)), sweep };
}

/** Counts the scenarios of a list, which has those that others are compared with. */
export async function countEach(
  stage: Stage,
  wanted: readonly Scenario[],
): Promise<Pick<Counts, "counted" | "requests">> {
  const all = new Map<string, Counted>();
  const requests: string[] = [];
  for (const scenario of wanted) {
    // Connections, clients that are loaded when they are needed first, environments that start.
    await run(stage, scenario);
    await run(stage, scenario);
    const usage = times(usageOf(stage.meter, isOurs), 1 / scenario.count);
    all.set(scenario.name, { name: scenario.name, n: scenario.count, usage });
    if (scenario.name === "immediate") requests.push(...breakdown(stage.meter.calls, scenario.count));
  }
  const shown = wanted.filter(({ isBasis }) => !isBasis);
  return { counted: shown.flatMap((scenario) => aboveItsBasis(scenario, all)), requests };
}

async function countSweep(stage: Stage): Promise<Usage> {
  await stage.pass(SWEEPS * MINUTE);
  await stage.ended([]);
  stage.meter.reset();
  await stage.pass(SWEEPS * MINUTE);
  await stage.ended([]);
  // It asks queues itself: a request that brings nothing is paid for as well.
  const usage = usageOf(stage.meter, (name) => name.endsWith("-sweep"), { emptyPolls: true });
  return times(usage, 1 / (usage.lambdaRequests ?? 1));
}

/** Prices executions and requests. */
export const bench: Bench = async () => {
  const { counted, requests } = await count();
  return {
    figures: [...counted.flatMap(columns), ...fargate.map(priced)],
    notes: [
      "Means of one each, counted at the gateway on DynamoDB Local; run as often before. Prices without the free tier.",
      "Lambda: billed milliseconds times memory in GB (1 GB each; fire 0.5), of this machine, not of AWS (medians), for a function that does nothing.",
      "Left out: the sweep and polls that bring nothing (they cost the same without executions), secrets (read anew every five minutes), storage, X-Ray.",
      "On Fargate: by the second, and for a minute at least, from when the task begins to load its image.",
      "Lambda itself writes warnings and errors only.",
      ...requests.map((line) => `immediate: ${line}`),
    ],
  };
};

async function run(stage: Stage, { count: times, prepare, run: act }: Scenario): Promise<void> {
  const ids = (await prepare?.(stage, times)) ?? [];
  stage.meter.reset();
  await act(stage, times, ids);
}

function isOurs(name: string): boolean {
  return name !== "operator";
}

function aboveItsBasis({ name, above }: Scenario, all: ReadonlyMap<string, Counted>): Counted[] {
  const counted = all.get(name);
  const basis = above === undefined ? undefined : all.get(above);
  if (counted === undefined || basis === undefined) return counted === undefined ? [] : [counted];
  return [{ ...counted, name: `+ ${name}`, usage: minus(counted.usage, basis.usage) }];
}

function columns({ name: row, n, usage }: Counted): Figure[] {
  const { s3Puts = 0, s3Gets = 0, lambdaGigabyteSeconds = 0, logGigabytes = 0 } = usage;
  const figure = (name: string, value = 0, unit = ""): Figure => ({ row, name, unit, value, n });
  return [
    figure("write units", usage.writeUnits),
    figure("read units", usage.readUnits),
    figure("SQS", usage.sqsRequests, "requests"),
    figure("Scheduler", usage.schedulerInvocations, "invocations"),
    figure("S3", s3Puts + s3Gets, "requests"),
    figure("Lambda", usage.lambdaRequests, "invocations"),
    figure("Lambda", lambdaGigabyteSeconds * 1_000, "GB-ms"),
    figure("logs", logGigabytes * 1e9, "bytes"),
    figure("a million", dollars(times(usage, MILLION)), "$"),
  ];
}

function priced({ name: row, n, usage }: Counted): Figure {
  return { row, name: "one", unit: "$", value: dollars(usage), n };
}

/** The dearest first. */
function breakdown(calls: readonly MeteredCall[], count: number): string[] {
  const kinds = Map.groupBy(
    calls.filter(({ by, isEmpty, service }) => isOurs(by) && !isEmpty && service !== "secretsmanager"),
    ({ by, service, action, on, what, units }) => {
      const name = service === "dynamodb" ? on.replace(TABLE, "$1") : on;
      const counted = Object.entries(units).map(([index, count]) => `${index} ${count}`);
      return [by, action, name, what, counted.join(", ")].filter((part) => part !== "").join(" ");
    },
  );
  return [...kinds]
    .map(([kind, same]) => ({ kind, each: same.length / count, dollars: (price(same) * MILLION) / count }))
    .sort((a, b) => b.dollars - a.dollars)
    .map(({ kind, each, dollars: cost }) => `${each} × ${kind}: $${cost.toFixed(2)} a million`);
}

function price(calls: readonly MeteredCall[]): number {
  return calls.reduce((total, call) => {
    if (call.service === "sqs") return total + dollars({ sqsRequests: call.requests });
    if (call.service !== "dynamodb") return total;
    return total + dollars(isWrite(call) ? { writeUnits: unitsOf(call) } : { readUnits: unitsOf(call) });
  }, 0);
}
