import type { System } from "../../harness/simulation/system.ts";
import type { UserCode } from "../../harness/simulation/user-code.ts";
import type { Overlap } from "../../lambdas/core/schedules/schedule.ts";
import { type Schedule, scheduledAtMs } from "../../lambdas/core/schedules/schedule.ts";
import { ticksWithin } from "../../lambdas/core/schedules/ticks.ts";
import { pauseSchedule } from "../../lambdas/flows/change-schedule.ts";
import { deleteSchedule } from "../../lambdas/flows/delete-schedule.ts";
import { putSchedule } from "../../lambdas/flows/put-schedule.ts";
import { runSchedule } from "../../lambdas/flows/run-schedule.ts";
import type { Scenario } from "./crash-points.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const NAME = "report";

interface Wanted {
  everySeconds: number;
  ticks: number;
  overlap?: Overlap;
  jitterSeconds?: number;
  code?: UserCode;
}

/** Makes a schedule of a few ticks; a caller that hears of a failure tries again, as a client does. */
async function put(system: System, { everySeconds, ticks, overlap, jitterSeconds, code }: Wanted): Promise<void> {
  const anchorMs = Math.ceil(system.time.now() / SECOND) * SECOND + 100;
  const input = {
    functionName: "importContacts",
    arguments: JSON.stringify([code ?? { ms: 100 }]),
    metadata: {},
    ticks: () => ({
      rule: { everySeconds, anchorMs },
      startsAtMs: anchorMs + everySeconds * SECOND,
      endsAtMs: anchorMs + everySeconds * ticks * SECOND,
    }),
    jitterSeconds: jitterSeconds ?? 0,
    overlap: overlap ?? ("allow" as const),
    catchUp: "latest" as const,
    request: { everySeconds, ticks, anchorMs },
  };
  for (;;) {
    const result = await system.api((ports) => putSchedule(ports, NAME, input));
    if ("returned" in result) return;
    await system.time.sleep(SECOND);
  }
}

/** Repeats a call until it is answered. */
async function insist(system: System, act: Parameters<System["api"]>[0]): Promise<void> {
  for (;;) {
    const result = await system.api(act);
    if ("returned" in result) return;
    if ("threw" in result && /cannot find schedule/.test(String(result.threw))) return;
    await system.time.sleep(SECOND);
  }
}

/** Ticks of the schedule as it is now that do not have exactly one execution. */
function missing(system: System, isMeant: (tickMs: number) => boolean = () => true): string[] {
  const schedule = system.schedules.get(NAME);
  if (schedule === undefined) return ["the schedule is lost"];
  const due = ticksWithin(schedule.ticks, schedule.createdAtMs, system.time.now()).filter(isMeant);
  return due.flatMap((tickMs) => problemsOf(system, schedule, tickMs));
}

function problemsOf(system: System, schedule: Schedule, tickMs: number): string[] {
  const atMs = scheduledAtMs(schedule, tickMs);
  const made = [...system.records.values()].filter(
    (it) => it.scheduleName === NAME && it.scheduledAtMs === atMs && it.state !== "cancelled",
  );
  return made.length === 1 ? [] : [`tick ${tickMs} has ${made.length} executions`];
}

const made: Scenario[] = [
  ["every 20 seconds", { everySeconds: 20, ticks: 5 }],
  ["every five minutes", { everySeconds: 300, ticks: 3 }],
  ["every hour", { everySeconds: 3_600, ticks: 2 }],
  ["every minute, within a jitter", { everySeconds: 60, ticks: 3, jitterSeconds: 20 }],
  ["every ten minutes, one at a time", { everySeconds: 600, ticks: 3, overlap: "skip" as const }],
  ["every ten minutes, the latest only", { everySeconds: 600, ticks: 3, overlap: "cancel" as const }],
].map(([name, wanted]) => ({
  flows: ["makeTicks"],
  name: name as string,
  in: "fire",
  act: (system) => put(system, wanted as Wanted),
  ends: ["succeed"],
  check: (system) => missing(system),
}));

/** State of a schedule when it is changed: a tick is written, and not due yet. */
async function beforeATick(system: System): Promise<void> {
  await put(system, { everySeconds: 20, ticks: 4 });
  await system.time.sleep(15 * SECOND);
}

async function replaceArguments(system: System): Promise<void> {
  const { ticks, overlap, catchUp, jitterSeconds } = system.schedules.get(NAME) as Schedule;
  const input = { functionName: "importContacts", arguments: '[{"ms":50}]', metadata: {}, request: "other" };
  await insist(system, (ports) =>
    putSchedule(ports, NAME, { ...input, ticks: () => ticks, overlap, catchUp, jitterSeconds }),
  );
}

const changes: Scenario[] = [
  {
    name: "new",
    flows: ["putSchedule"],
    act: (system: System) => put(system, { everySeconds: 30, ticks: 3 }),
    check: (system: System) => missing(system),
    ends: ["succeed"],
  },
  {
    name: "replaced while a tick is under way",
    flows: ["putSchedule"],
    arrange: beforeATick,
    act: (system: System) => put(system, { everySeconds: 50, ticks: 2 }),
    check: (system: System) => missing(system, (tickMs) => tickMs > (system.schedules.get(NAME)?.updatedAtMs ?? 0)),
    ends: ["succeed", "cancelled"],
  },
  {
    name: "replaced by one of the same ticks while a tick is under way",
    flows: ["putSchedule"],
    arrange: beforeATick,
    act: (system: System) => replaceArguments(system),
    check: (system: System) => missing(system),
    ends: ["succeed", "cancelled"],
  },
  {
    name: "while a tick is under way",
    flows: ["pauseSchedule"],
    arrange: beforeATick,
    act: (system: System) => insist(system, (ports) => pauseSchedule(ports, NAME, true)),
    ends: ["succeed", "cancelled"],
  },
  {
    name: "while a tick is under way",
    flows: ["deleteSchedule"],
    arrange: beforeATick,
    act: (system: System) => insist(system, (ports) => deleteSchedule(ports, NAME)),
    ends: ["succeed", "cancelled"],
  },
  {
    name: "out of turn",
    flows: ["runSchedule"],
    arrange: beforeATick,
    act: (system: System) => insist(system, (ports) => runSchedule(ports, NAME, { idempotencyKey: "once" })),
    check: (system: System) => missing(system),
    ends: ["succeed"],
  },
].map((it) => ({ in: "api" as const, ...it }));

const recovered: Scenario = {
  flows: ["recoverSchedule"],
  name: "whose message was lost",
  in: "sweep",
  async arrange(system) {
    await put(system, { everySeconds: 100, ticks: 3 });
    await system.time.sleep(10 * SECOND);
    system.queueOf("(ticks)").purge();
    await system.time.sleep(3 * MINUTE);
  },
  ends: ["succeed"],
  check: (system) => missing(system),
};

/** The flows of schedules, each from where it begins. */
export const schedules: readonly Scenario[] = [...made, ...changes, recovered];
