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
}

const HOUR = 3_600;
const MINUTE = 60;
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
  { name: "parent and child", count: 10, run: oneByOne("parent", []) },
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
    run: each((stage, id) => stage.calls.send("PATCH", `/${id}/schedule`, { schedule_for: stage.in(2 * HOUR) })),
  },
  {
    name: "cancel",
    count: 10,
    prepare: (stage, count) => enqueue(stage, count, HOUR),
    run: each((stage, id) => stage.calls.send("POST", `/${id}/cancellation`)),
  },
];

function oneByOne(name: string, args: unknown[], more?: Record<string, unknown>): Scenario["run"] {
  return async (stage, count) => {
    for (let index = 0; index < count; index++) await stage.ended([await stage.calls.enqueue(name, args, more)]);
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
