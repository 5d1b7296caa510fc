import type { Execution } from "../lambdas/core/execution.ts";
import { createSystem, type System } from "../test/proof/system.ts";
import type { Bench, Figure } from "./figure.ts";

const SECOND = 1_000;
const CROWD = 10_000;

/** The slots of `perCustomer` and the pace of `fourASecond`, as the simulated deployment has them. */
const TAKES_MS = 2 * SECOND;
const PACE_MS = 250;

/** How long one tenant waits behind another one's crowd, and how a crowd drains above a rate; simulated. */
export const bench: Bench = async () => ({
  figures: [...(await behindCrowd()), ...(await aboveRate())],
  notes: [
    `Simulated: the flows of the product over memory ports. A crowd is ${CROWD.toLocaleString("en-US")} executions that are asked for at once.`,
    "The other tenant's execution is asked for ten seconds after the crowd; its slots are its own.",
    "Late is what starts after its reserved time; a write is one of the execution's record, its creation and end included.",
  ],
});

async function behindCrowd(): Promise<Figure[]> {
  const system = createSystem();
  const of = (customer: string) => ({ metadata: { customer } });
  for (let count = 0; count < CROWD; count++) void system.enqueue("perCustomer", { ms: TAKES_MS }, of("acme"));
  await system.wait(10 * SECOND);
  const askedAtMs = system.time.now();
  void system.enqueue("perCustomer", { ms: TAKES_MS }, of("globex"));
  await system.wait(2 * TAKES_MS);
  const [startedAtMs = Number.NaN] = startsOf(system, ({ metadata }) => metadata["customer"] === "globex");
  const figure = (name: string, value: number): Figure => ({ row: "a lane", name, unit: "ms", value, n: 1 });
  return [figure("a slot's time", TAKES_MS), figure("the other tenant waits", startedAtMs - askedAtMs)];
}

async function aboveRate(): Promise<Figure[]> {
  const system = createSystem();
  for (let count = 0; count < CROWD; count++) void system.enqueue("fourASecond", { ms: 10 });
  await system.settle(2 * 3_600 * SECOND);
  const starts = startsOf(system, () => true).sort((a, b) => a - b);
  if (starts.length !== CROWD) throw new Error(`${starts.length} of ${CROWD} have started`);
  const [begunAtMs = 0] = starts;
  // One more than the rate may burst.
  const lateMs = starts.map((ms, index) => ms - (begunAtMs + Math.max(0, index - 1) * PACE_MS)).sort((a, b) => a - b);
  const writes = [...system.history.versions.values()].map((versions) => versions.length);
  const figure = (name: string, value: number, unit: string): Figure => ({
    row: "a rate",
    name,
    unit,
    value,
    n: CROWD,
  });
  return [
    figure("drained after", Math.round((Math.max(...starts) - begunAtMs) / SECOND), "s"),
    figure("late, p99", lateMs[Math.floor(CROWD * 0.99)] ?? Number.NaN, "ms"),
    figure("late, most", lateMs.at(-1) ?? Number.NaN, "ms"),
    figure("writes, most", Math.max(...writes), ""),
  ];
}

function startsOf({ history }: System, isWanted: (execution: Execution) => boolean): number[] {
  return [...history.versions.values()].flatMap((versions) => {
    const started = versions.find(({ state }) => state === "started");
    return started !== undefined && "startedAtMs" in started && isWanted(started) ? [started.startedAtMs] : [];
  });
}
