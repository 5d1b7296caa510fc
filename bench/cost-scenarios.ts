import { randomUUID } from "node:crypto";
import { functionId } from "../lambdas/core/ids.ts";
import { executionIdOf } from "../lambdas/core/schedules/schedule.ts";
import type { Stage } from "./stage.ts";

/** Something whose cost is counted. */
export interface Scenario {
  name: string;
  /** How often it happens in one run. */
  count: number;
  /** Prepares the stage without being counted. Returns the ids that `run` gets. */
  prepare?: (stage: Stage, count: number) => Promise<string[]>;
  /** Lets it happen `count` times, up to the very end. */
  run: (stage: Stage, count: number, ids: string[]) => Promise<void>;
  /** Name of a scenario, counted before: what one of these costs above one of those is shown. */
  above?: string;
  /** It is counted for others to be compared with, and not shown. */
  isBasis?: true;
}

const HOUR = 3_600;
const MINUTE = 60;
const SECOND_MS = 1_000;
/** A third of a lease and a little: a worker that runs for so long renews it once. */
const ONE_RENEWAL_MS = 16_000;
const BATCH = 100;
const ARGUMENTS = ["Ada", "ada@example.com"];
const METADATA = { user: "4711", plan: "free", region: "eu", source: "import", batch: "2026-11" };

/** More than the local cloud runs at once would wait for each other, and be counted as Lambda's time. */
const AT_ONCE = 4;

/** In an order in which none meets what another has left behind. */
export const scenarios: readonly Scenario[] = [
  { name: "immediate", count: 20, run: oneByOne("nothing", ARGUMENTS) },
  {
    name: "delayed 10 min",
    count: AT_ONCE,
    async run(stage, count) {
      const ids: string[] = [];
      await stage.passInQueues(count, 10 * MINUTE - 10, async () => {
        ids.push(...(await enqueue(stage, count, 10 * MINUTE)));
      });
      await stage.ended(ids);
    },
  },
  {
    name: "delayed 1 h",
    count: AT_ONCE,
    async run(stage, count) {
      const ids = await enqueue(stage, count, HOUR);
      // Up to where they leave the timer, two minutes before.
      await stage.passInQueues(count, 100, () => stage.pass(HOUR - 2 * MINUTE));
      await stage.ended(ids);
    },
  },
  {
    name: "one retry",
    count: AT_ONCE,
    async run(stage, count) {
      for (let index = 0; index < count; index++) {
        let id = "";
        await stage.passInQueues(1, 25, async () => {
          id = await stage.calls.enqueue("failsOnce", [stage.newFile()]);
        });
        await stage.ended([id]);
      }
    },
  },
  { name: "five metadata pairs", count: 20, run: oneByOne("nothing", ARGUMENTS, { metadata: METADATA }) },
  { name: "a child", count: 10, run: oneByOne("parent", []), above: "immediate" },
  { name: "100 KB arguments", count: 10, run: oneByOne("nothing", ["x".repeat(100 * 1_024)]) },
  { name: "get", count: 20, prepare: ended(1), run: repeated((stage, [id]) => stage.calls.send("GET", `/${id}`)) },
  {
    name: "list page of 50",
    count: 10,
    prepare: ended(60),
    run: repeated((stage) => stage.calls.send("GET", "?first=50")),
  },
  {
    name: "reschedule",
    count: 10,
    prepare: (stage, count) => enqueue(stage, count, HOUR),
    // Far enough not to come due in a row below.
    run: each((stage, id) => stage.calls.send("PATCH", `/${id}/schedule`, { schedule_for: stage.in(24 * HOUR) })),
  },
  {
    name: "cancel",
    count: 10,
    prepare: (stage, count) => enqueue(stage, count, HOUR),
    run: each((stage, id) => stage.calls.send("POST", `/${id}/cancellation`)),
  },
  {
    name: "an item of a batch of 100",
    count: BATCH,
    async run(stage, count) {
      const item = { function_name: "nothing", function_arguments: ARGUMENTS };
      const { data } = (await stage.calls.send("POST", "/batch", { executions: Array(count).fill(item) })) as {
        data: { execution: { id: string } }[];
      };
      await stage.ended(data.map(({ execution }) => execution.id));
    },
  },
  {
    name: "a re-run by a bulk job of 100",
    count: BATCH,
    async prepare(stage, count) {
      const from = stage.in(0);
      await stage.ended(await enqueue(stage, count));
      return [from];
    },
    async run(stage, count, [from]) {
      const filters = { function_ids: [functionId("nothing")], created_at: { from } };
      await stage.calls.send("POST", "/../bulk", { action: "rerun", filters, per_second: 1_000 });
      await stage.settled();
      const ran = stage.meter.invocations.filter(({ functionName }) => functionName.endsWith("-nothing")).length;
      if (ran !== count) throw new Error(`the job ran ${ran} executions, not ${count}`);
    },
  },
  { name: "a failure", count: 20, run: oneByOne("throws", ["Ada"], {}, "failed"), above: "immediate" },
  { name: "a pair", count: 20, run: oneByOne("nothing", ARGUMENTS, { metadata: { customer: "Ada" } }), isBasis: true },
  {
    name: "a slot in a lane",
    count: 20,
    run: oneByOne("perCustomer", [0], { metadata: { customer: "Ada" } }),
    above: "a pair",
  },
  { name: "16 s", count: AT_ONCE, run: atOnce("waits", [ONE_RENEWAL_MS]), isBasis: true },
  { name: "a slot for 16 s", count: AT_ONCE, run: atOnce("perCustomer", [ONE_RENEWAL_MS]), above: "16 s" },
  { name: "two in turn", count: AT_ONCE, run: pairs((stage, id) => stage.ended([id])), isBasis: true },
  { name: "parked in a lane", count: AT_ONCE, run: pairs(async () => {}), above: "two in turn" },
  // The last: its schedules go on.
  {
    name: "a tick of a schedule",
    count: AT_ONCE,
    async prepare(stage, count) {
      const tickMs = Math.ceil(Date.parse(stage.in(HOUR)) / SECOND_MS) * SECOND_MS;
      // The next tick is with the timer, as it would be, and comes after all runs.
      const rule = { every_seconds: 3 * HOUR, anchor: new Date(tickMs).toISOString() };
      const ids: string[] = [];
      for (let index = 0; index < count; index++) {
        const { data } = (await stage.calls.send("PUT", `/../schedules/${randomUUID()}`, {
          function_name: "nothing",
          ...rule,
          starts_at: rule.anchor,
          ends_at: new Date(tickMs + 4 * HOUR * SECOND_MS).toISOString(),
        })) as { data: { id: string; function_id: string } };
        ids.push(executionIdOf({ id: data.id, revision: 0, functionId: data.function_id }, tickMs));
      }
      return ids;
    },
    async run(stage, count, ids) {
      await stage.passInQueues(count, 60, () => stage.pass(HOUR - MINUTE - 30));
      await stage.ended(ids);
    },
  },
];

function oneByOne(
  name: string,
  args: unknown[],
  more?: Record<string, unknown>,
  state?: "succeed" | "failed",
): Scenario["run"] {
  return async (stage, count) => {
    for (let index = 0; index < count; index++) await stage.ended([await stage.calls.enqueue(name, args, more)], state);
  };
}

/** Each for another customer. */
function atOnce(name: string, args: unknown[]): Scenario["run"] {
  return async (stage, count) => {
    const ids: string[] = [];
    for (let index = 0; index < count; index++) {
      ids.push(await stage.calls.enqueue(name, args, { metadata: { customer: randomUUID() } }));
    }
    await stage.ended(ids);
  };
}

/**
 * Two executions of one customer. With `between` they follow each other; without it the second finds the first running.
 */
function pairs(between: (stage: Stage, id: string) => Promise<void>): Scenario["run"] {
  return async (stage, count) => {
    for (let index = 0; index < count; index++) {
      const more = { metadata: { customer: randomUUID() } };
      const first = await stage.calls.enqueue("perCustomer", [SECOND_MS], more);
      await between(stage, first);
      await stage.ended([first, await stage.calls.enqueue("perCustomer", [SECOND_MS], more)]);
    }
  };
}

function repeated(call: (stage: Stage, ids: string[]) => Promise<unknown>): Scenario["run"] {
  return async (stage, count, ids) => {
    for (let index = 0; index < count; index++) await call(stage, ids);
  };
}

function each(call: (stage: Stage, id: string) => Promise<unknown>): Scenario["run"] {
  return async (stage, _count, ids) => {
    for (const id of ids) await call(stage, id);
  };
}

function ended(count: number): NonNullable<Scenario["prepare"]> {
  return async (stage) => {
    const ids = await enqueue(stage, count);
    await stage.ended(ids);
    return ids;
  };
}

async function enqueue(stage: Stage, count: number, seconds?: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const more = seconds === undefined ? undefined : { schedule_for: stage.in(seconds) };
    ids.push(await stage.calls.enqueue("nothing", ARGUMENTS, more));
  }
  return ids;
}
