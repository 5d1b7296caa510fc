import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { metrics } from "../lambdas/log/metrics.ts";
import { type Counted, count } from "./cost.ts";
import { fargate } from "./fargate.ts";
import { type Idle, idleMonth, idleOf } from "./idle.ts";
import { keepCounts, lastCounts, risenCounts } from "./last-counts.ts";
import { machine } from "./machine.ts";
import { dollars, dollarsByKind, type Priced } from "./prices.ts";
import { times } from "./usage.ts";

// Counts, and writes docs/cost.md and last-counts.json: npm run cost. Fails if something costs more than last time.

const MILLION = 1_000_000;
const FUNCTIONS = [1, 10, 50];

/** The columns of the tables, and what goes into them. */
const dollarColumns: Record<string, Priced[]> = {
  DynamoDB: ["writeUnits", "readUnits"],
  SQS: ["sqsRequests"],
  Scheduler: ["schedulerInvocations"],
  S3: ["s3Puts", "s3Gets"],
  API: ["apiRequests"],
  Lambda: ["lambdaRequests", "lambdaGigabyteSeconds"],
  logs: ["logGigabytes"],
};

const { values } = parseArgs({ options: { accept: { type: "boolean", default: false } } });
const { counted, requests, sweep } = await count();
const risen = risenCounts(counted, lastCounts());
if (risen.length > 0 && !values.accept) {
  console.error(`more than last time; npm run cost -- --accept takes it:\n${risen.join("\n")}`);
  process.exit(1);
}
keepCounts(counted);
await writeFile("docs/cost.md", text());
console.log("docs/cost.md and bench/last-counts.json are written");

function text(): string {
  const idle = FUNCTIONS.map((functions) => ({ functions, has: idleOf(functions) }));
  return `# What it costs

Written by \`npm run cost\` (\`bench/cost-doc.ts\`), which counts what the local cloud's parts ask of AWS at its gateway, on
DynamoDB Local. Do not edit.

Prices: us-east-1, on demand, without the free tier; they are in \`bench/prices.ts\`, their sources in
[aws-limits.md](aws-limits.md). Nobody has compared this with a bill yet.

Counted on: ${machine()}.

## A million executions or requests, in dollars

An execution is one from its enqueue to its end, with the API request that asks for it. The user's own compute is not in
it: the function does nothing.

${table(["", ...Object.keys(dollarColumns), "all", "X-Ray"], counted.map(dollarRow))}

"X-Ray" comes on top with \`tracing: true\`, at most: Lambda traces the first request of each second and one in twenty of
the others.

What one of each uses:

${table(
  ["", "write units", "read units", "SQS", "Scheduler", "S3", "Lambda", "Lambda GB-ms", "log bytes"],
  counted.map(usageRow),
)}

- "delayed 10 min" waits in its queue, "delayed 1 h" with EventBridge Scheduler, which a reschedule and a cancellation
  are counted for too.
- What begins with + comes on top: a child, on its parent; a failure of an attempt that is not retried, on an execution;
  a slot, being parked, on a function without lanes. A slot is renewed every 15 s. "Parked" has its own slot in it.
- "100 KB arguments" lie in S3. "one retry" fails once. A batch has 100 items, a bulk job 100 executions, and each runs;
  a tick is one of an hourly schedule, whose execution runs.
- Lambda's time is that of this machine with everything warm, by medians; on AWS it is another. Up to half a second of
  it in what is delayed is the runner's waiting for the exact time: SQS counts whole seconds.
- SQS: one request to send, one to receive, one to delete. Lambda itself logs warnings and errors only.
- Not in it: storage, data transfer, custom metrics ($0.30 a month each, ${Object.keys(metrics).length - 1} of them and one for each function
  that fails, in hours in which something happens), secrets (read anew by each environment every five minutes), start-up
  of environments.

## A task on Fargate, in dollars

${table(
  ["", "one"],
  fargate.map(({ name, usage }) => [name, dollars(usage).toFixed(4)]),
)}

By the second, for a minute at least, from when the task begins to load its image to its end; a public address is part
of it. What an execution asks of AWS beside it is about what an immediate one asks.

## What an immediate execution asks of AWS

\`fn-nothing\` is the function's runner. The numbers are DynamoDB's units: of the table, and of each index that is
changed.

${requests.map((line) => `- ${line}`).join("\n")}

## A month in which nothing happens, in dollars

${table(["functions", "mappings", "sweep", "queues, 2 pollers", "queues, 5 pollers", "secrets", "alarms", "dashboard", "all"], idle.map(idleRow))}

- Lambda polls every queue that it serves (one for each function, and those of due times, ticks and bulk jobs), for 20 s
  at a time, with two pollers after a while without messages or five: the sum is from two to five. Two is what AWS says
  of mappings without \`MaximumConcurrency\`; with it (a function with \`concurrency\` of 2 or more) it is five.
- The sweep runs every minute: one invocation, its queries for each shard, and one request to each of two dead-letter
  queues.
- The free tier of an account takes off ten alarm metrics, three dashboards and a million SQS requests a month.
`;
}

function dollarRow({ name, usage }: Counted): string[] {
  const costs = dollarsByKind(times(usage, MILLION));
  const columns = Object.values(dollarColumns).map((kinds) => kinds.reduce((sum, kind) => sum + (costs[kind] ?? 0), 0));
  const traces = dollars({ traces: (usage.lambdaRequests ?? 0) * MILLION });
  return [name, ...columns.map(cents), cents(dollars(times(usage, MILLION))), cents(traces)];
}

function usageRow({ name, usage }: Counted): string[] {
  const { s3Puts = 0, s3Gets = 0, lambdaGigabyteSeconds = 0, logGigabytes = 0 } = usage;
  const { writeUnits = 0, readUnits = 0, sqsRequests = 0, schedulerInvocations = 0, lambdaRequests = 0 } = usage;
  const counts = [writeUnits, readUnits, sqsRequests, schedulerInvocations, s3Puts + s3Gets, lambdaRequests];
  const rest = [Math.round(lambdaGigabyteSeconds * 1_000), Math.round(logGigabytes * 1e9)];
  return [name, ...[...counts.map((each) => Math.round(each * 100) / 100), ...rest].map(String)];
}

function idleRow({ functions, has }: { functions: number; has: Idle }): string[] {
  const nothing = { mappings: 0, secrets: 0, alarmMetrics: 0, dashboards: 0 };
  const part = (only: Partial<Idle>, pollers = 0) => dollars(idleMonth({ ...nothing, ...only }, {}, pollers));
  const { mappings, secrets, alarmMetrics, dashboards } = has;
  const all = [2, 5].map((pollers) => cents(dollars(idleMonth(has, sweep, pollers))));
  const parts = [
    dollars(idleMonth(nothing, sweep, 0)),
    part({ mappings }, 2),
    part({ mappings }, 5),
    part({ secrets }),
    part({ alarmMetrics }),
    part({ dashboards }),
  ];
  return [String(functions), String(mappings), ...parts.map(cents), all.join(" to ")];
}

function cents(amount: number): string {
  return amount.toFixed(2);
}

/** In Markdown. */
function table(head: string[], rows: string[][]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}
