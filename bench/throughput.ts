import { setTimeout as sleep } from "node:timers/promises";
import { type Bench, distribution, type Figure } from "./figure.ts";
import { type LocalEpoque, localEpoque } from "./local-epoque.ts";
import { ExecutionLogs, type Phases } from "./throughput/phases.ts";

const RUNNERS = [1, 2, 4, 8];
const EXECUTIONS = 500;
const FULL_EXECUTIONS = 2_000;
/** The code of new processes is slow until Node has compiled what is called often. */
const WARM_UP = 200;
const AHEAD_MS = 600_000;
const CALLERS = 8;
const PATIENCE_MS = 180_000;

const phases: Record<keyof Phases, string> = {
  api: "in the API's Lambda",
  queue: "due until taken from the queue",
  claim: "claim",
  begin: "claimed until the user's code began",
  finish: "the user's code and storing its end",
};

/** Executions from enqueue to final on the local cloud, by how many may run at once, and where their time goes. */
export const bench: Bench = async ({ full }) => {
  const logs = new ExecutionLogs();
  const epoque = await localEpoque("throughput/functions", ({ line }) => logs.read(line));
  const figures: Figure[] = [];
  const notes = [
    `${CALLERS} callers enqueue as fast as they are answered, so there always is a queue: the wait in it is that of the last behind all others. ${WARM_UP} executions go before and are not counted.`,
    "The local cloud emulates AWS's services on this machine, Lambda's processes among them; nothing here says how fast AWS is. One runner is a FIFO queue's.",
  ];
  const count = full ? FULL_EXECUTIONS : EXECUTIONS;
  try {
    await enqueue(epoque, "runners1", WARM_UP, AHEAD_MS);
    const { seconds } = await enqueue(epoque, "runners1", count, AHEAD_MS);
    figures.push({ name: "enqueue, due in ten minutes", unit: "executions/s", value: count / seconds, n: count });
    for (const runners of RUNNERS) {
      const name = `${runners} ${runners === 1 ? "runner" : "runners"}`;
      await run(epoque, logs, runners, WARM_UP);
      const { ids, seconds } = await run(epoque, logs, runners, count);
      figures.push({ name: `${name}: enqueue to final`, unit: "executions/s", value: count / seconds, n: count });
      const all = await phasesOf(epoque, logs, ids);
      for (const [phase, description] of Object.entries(phases)) {
        const samples = all.map((one) => one[phase as keyof Phases]);
        figures.push(distribution(`${name}: ${description}`, "ms", samples));
      }
      const environments = epoque.cloud.environments(new RegExp(`runners${runners}$`)).length;
      if (environments < runners)
        notes.push(`${name}: ${environments} Lambda processes were all that ran at once here.`);
    }
    return { figures, notes };
  } finally {
    await epoque.stop();
  }
};

async function run(epoque: LocalEpoque, logs: ExecutionLogs, runners: number, count: number) {
  const begin = performance.now();
  const { ids } = await enqueue(epoque, `runners${runners}`, count);
  while (!ids.every((id) => logs.hasEnded(id))) {
    if (performance.now() - begin > PATIENCE_MS) throw new Error(`${count} executions did not end in time`);
    await sleep(5);
  }
  return { ids, seconds: (performance.now() - begin) / 1_000 };
}

async function enqueue({ call }: LocalEpoque, function_name: string, count: number, aheadMs?: number) {
  const ids: string[] = [];
  const begin = performance.now();
  const schedule = aheadMs === undefined ? {} : { schedule_for: new Date(Date.now() + aheadMs).toISOString() };
  let enqueued = 0;
  const caller = async () => {
    while (enqueued++ < count) {
      const { data } = (await call("PUT", "", { function_name, ...schedule })) as { data: { id: string } };
      ids.push(data.id);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return { ids, seconds: (performance.now() - begin) / 1_000 };
}

async function phasesOf({ call }: LocalEpoque, logs: ExecutionLogs, ids: string[]): Promise<Phases[]> {
  const found: Phases[] = [];
  for (const id of ids) {
    const one = logs.phases(id, (await call("GET", `/${id}/results`)) as number);
    if (one !== undefined) found.push(one);
  }
  return found;
}
