import type { System } from "../../harness/simulation/system.ts";
import type { Execution } from "../../lambdas/core/execution.ts";
import type { BulkJob } from "../../lambdas/core/jobs/bulk-job.ts";
import { isBulkJob } from "../../lambdas/core/jobs/job.ts";
import { newWakeJob } from "../../lambdas/core/jobs/wake-job.ts";
import { type BulkInput, startBulk, stopBulk } from "../../lambdas/flows/bulk.ts";
import { pause } from "../../lambdas/flows/pause.ts";
import { sendStep } from "../../lambdas/flows/send-step.ts";
import type { Scenario } from "./crash-points.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const plain = "importContacts";
const quick = { ms: 100 };

const isOriginal = ({ rerunOf }: Execution) => rerunOf === undefined;

/** Asks for a job; a caller that hears of a failure does not ask again. */
async function start(system: System, input: Partial<BulkInput> & Pick<BulkInput, "action">): Promise<void> {
  const whole = { filters: {}, force: false, perSecond: 3, ...input };
  await system.api((ports) => startBulk(ports, whole));
}

/** Executions that have ended, or wait for an hour. */
const given = (count: number, isWaiting: boolean) => async (system: System) => {
  for (let index = 0; index < count; index++) {
    await system.enqueue(plain, quick, isWaiting ? { scheduledAtMs: system.time.now() + 60 * MINUTE } : {});
  }
  await system.time.sleep(5 * SECOND);
};

/** Whether the job, if it came to be, says what became of each of `count` originals. */
function problems(
  { jobs, records }: System,
  count: number,
  isDone: (job: BulkJob, it: Execution) => boolean,
): string[] {
  const [job] = [...jobs.values()].filter(isBulkJob);
  if (job === undefined) return [];
  const originals = [...records.values()].filter(isOriginal);
  const done = originals.filter((it) => isDone(job, it)).length;
  const { state, page, matched, skipped, failed } = job;
  return [
    ...(state === "done" && matched === count && done + skipped + failed === count ? [] : [JSON.stringify(job)]),
    ...(job.done === done ? [] : [`${done} are done, and the job says ${job.done}`]),
    ...(page.length === 0 ? [] : ["a page is left over"]),
  ];
}

const isRerun =
  ({ records }: System) =>
  (_: BulkJob, it: Execution) =>
    [...records.values()].filter(({ rerunOf }) => rerunOf === it.id).length === 1;

/** The process that is cut is the one that works the first page: the step before it only looks for that. */
const asked = (input: Partial<BulkInput> & Pick<BulkInput, "action">, count: number, isWaiting: boolean) => {
  const arrange = given(count, isWaiting);
  return async (system: System) => {
    await arrange(system);
    await start(system, input);
    while ([...system.jobs.values()].every((job) => isBulkJob(job) && job.page.length === 0)) {
      await system.time.sleep(1);
    }
  };
};

const asksAgain = async (system: System) => {
  const [job] = system.jobs.values();
  // A caller that was not answered asks again.
  while (job && !("returned" in (await system.api((ports) => stopBulk(ports, job.id))))) {
    await system.time.sleep(SECOND);
  }
};

const pages: Scenario[] = [
  {
    flows: ["startBulk"],
    name: "of re-runs",
    in: "api",
    arrange: given(5, false),
    act: (system) => start(system, { action: "rerun" }),
    ends: ["succeed"],
    check: (system) => problems(system, 5, isRerun(system)),
  },
  {
    flows: ["workJob"],
    name: "that looks for its first page",
    in: "bulk",
    arrange: given(4, false),
    act: (system) => start(system, { action: "rerun" }),
    ends: ["succeed"],
    check: (system) => problems(system, 4, isRerun(system)),
  },
  {
    flows: ["workJob"],
    name: "that re-runs a page",
    in: "bulk",
    arrange: asked({ action: "rerun" }, 5, false),
    ends: ["succeed"],
    check: (system) => problems(system, 5, isRerun(system)),
  },
  {
    flows: ["workJob"],
    name: "that re-runs a page with other arguments, up to its limit",
    in: "bulk",
    arrange: asked({ action: "rerun", arguments: JSON.stringify([quick]), limit: 2 }, 3, false),
    ends: ["succeed"],
    check: (system) => ([...system.records.values()].length === 5 ? [] : ["not two re-runs of three"]),
  },
  {
    flows: ["workJob"],
    name: "that cancels a page",
    in: "bulk",
    arrange: asked({ action: "cancel", filters: { states: ["created"] } }, 4, true),
    ends: ["cancelled"],
    check: (system) => problems(system, 4, (job, it) => it.state === "cancelled" && it.job === job.id),
  },
  {
    flows: ["workJob"],
    name: "that reschedules a page to now",
    in: "bulk",
    arrange: asked({ action: "reschedule" }, 4, true),
    ends: ["succeed"],
    check: (system) =>
      problems(
        system,
        4,
        (job, it) => it.job === job.id && it.revision === 1 && it.updatedAtMs < job.createdAtMs + 60 * MINUTE,
      ),
  },
  {
    flows: ["stopBulk"],
    name: "while a page is worked",
    in: "api",
    arrange: asked({ action: "rerun", perSecond: 1 }, 9, false),
    act: asksAgain,
    ends: ["succeed"],
    check({ jobs, records }) {
      const [job] = [...jobs.values()].filter(isBulkJob);
      const reruns = [...records.values()].filter((it) => !isOriginal(it)).length;
      return job?.state === "stopped" && job.done === reruns && reruns < 9 ? [] : [`${reruns}: ${JSON.stringify(job)}`];
    },
  },
  {
    flows: ["workJob"],
    name: "that is stopped while it works a page",
    in: "bulk",
    arrange: asked({ action: "rerun", perSecond: 1 }, 9, false),
    act: asksAgain,
    ends: ["succeed"],
    check({ jobs, records, isSteady }) {
      const [job] = [...jobs.values()].filter(isBulkJob);
      const reruns = [...records.values()].filter((it) => !isOriginal(it)).length;
      // Another delivery of the step counts the page before one that froze has acted on it.
      const uncounted = isSteady ? 0 : 1;
      const isCounted = job !== undefined && job.done <= reruns && reruns <= job.done + uncounted;
      return job?.state === "stopped" && isCounted ? [] : [`${reruns}: ${JSON.stringify(job)}`];
    },
  },
  {
    flows: ["recoverJob", "sweep"],
    name: "whose message was lost",
    in: "sweep",
    async arrange(system) {
      await given(4, false)(system);
      await start(system, { action: "rerun" });
      system.queueOf("(bulk)").purge();
      await system.time.sleep(3 * MINUTE);
    },
    ends: ["succeed"],
    check: (system) => problems(system, 4, isRerun(system)),
  },
];

const wakes: Scenario = {
  flows: ["workJob"],
  name: "that wakes what was parked",
  in: "bulk",
  async arrange(system) {
    await system.api((ports) => pause(ports, plain));
    for (let index = 0; index < 4; index++) await system.enqueue(plain, quick);
    await system.time.sleep(5 * SECOND);
    const deployed = system.functions.get(plain);
    if (deployed === undefined) return;
    await system.api(async (ports) => {
      const job = newWakeJob(deployed, undefined, system.time.now());
      await ports.jobs.create(job);
      await ports.pauses.resume(deployed.id);
      await sendStep(ports, job);
    });
  },
  ends: ["succeed"],
  check: ({ jobs }) => ([...jobs.values()].every(({ state }) => state === "done") ? [] : ["the job is not done"]),
};

/** The flows of bulk jobs, each from where it begins. */
export const bulk: readonly Scenario[] = [...pages, wakes];
