import { type Conditions, calm } from "../../harness/simulation/conditions.ts";
import {
  type CallFault,
  callFaults,
  type Role,
  type SimulatedProcess,
} from "../../harness/simulation/simulated-process.ts";
import { createSystem, type System } from "../../harness/simulation/system.ts";
import { LAUNCH_MS } from "../../lambdas/core/limits.ts";
import { brokenPromises } from "./promises.ts";

/** A flow, brought to where it begins, to be cut at each of its calls. The registry is `scenarios.ts`. */
export interface Scenario {
  /** The flows of `lambdas/flows` that run in the process that is cut, by the names of their functions. */
  flows: readonly string[];
  /** The case; see {@link titleOf}. */
  name: string;
  /** The process that is cut: the first one of this role after `arrange`. */
  in: Role;
  /** Brings the system to where the flow begins. Nothing goes wrong here, and no sweep runs. */
  arrange?: (system: System) => Promise<unknown>;
  /** Calls the API, or lets something else happen. Queues, timer and sweep need nobody to call them. */
  act?: (system: System) => Promise<unknown>;
  /** Circumstances other than calm ones, made for each run. */
  conditions?: () => Partial<Conditions>;
  /** States that the executions may end in, wherever the flow was cut. */
  ends: readonly string[];
  /** Calls that must be among those that are cut. */
  calls?: readonly string[];
  /** More to check once all is at rest, in words that say what is broken. */
  check?: (system: System) => readonly string[];
}

/** Results of all the crash points of one scenario. */
export interface CrashPoints {
  /** The calls of the flow when nothing goes wrong, in order. */
  calls: string[];
  /** How often the flow was run with a fault. */
  points: number;
  broken: string[];
}

/** Longer than any single crash takes to be made good. */
const SETTLES_WITHIN_MS = 12 * 3_600_000;

const MINUTE_MS = 60_000;

/**
 * Lambdas that no queue feeds: they time out before they thaw, so to freeze is to crash. In the others a freeze stands
 * for a slow process whose message is delivered a second time meanwhile.
 */
const DIES_FROZEN: ReadonlySet<Role> = new Set(["api", "sweep"]);

/** Returns the name of a scenario and of its test: flows and case. */
export function titleOf({ flows, name }: Scenario): string {
  return `${flows.join(", ")}: ${name}`;
}

/**
 * Runs a scenario once, then again with every fault at every call of it.
 * @param options.isFirstEnough stops with the first promise that is broken
 */
export async function crashPoints(
  scenario: Scenario,
  { mutate, isFirstEnough = false }: { mutate?: Conditions["mutate"]; isFirstEnough?: boolean } = {},
): Promise<CrashPoints> {
  const whole = await run(scenario, undefined, mutate);
  const missing = (scenario.calls ?? []).filter((it) => !whole.calls.includes(it));
  const broken = [...whole.broken, ...missing.map((it) => `${it} is not called`)].map((it) => `undisturbed: ${it}`);
  let points = 0;
  const faults = callFaults.filter((fault) => fault !== "frozen" || !DIES_FROZEN.has(scenario.in));
  for (const [at, call] of whole.calls.entries()) {
    for (const fault of faults) {
      if (isFirstEnough && broken.length > 0) return { calls: whole.calls, points, broken };
      points++;
      const cut = await run(scenario, { at, fault }, mutate);
      broken.push(...cut.broken.map((it) => `${fault} at call ${at + 1}, ${call}: ${it}`));
    }
  }
  return { calls: whole.calls, points, broken };
}

async function run(
  scenario: Scenario,
  cut: { at: number; fault: CallFault } | undefined,
  mutate?: Conditions["mutate"],
) {
  const calls: string[] = [];
  let isArmed = false;
  let victim: SimulatedProcess | undefined;
  const conditions = calm();
  const system = createSystem({
    ...conditions,
    ...scenario.conditions?.(),
    isSteady: cut?.fault !== "frozen",
    ...(mutate && { mutate }),
    onSpawn(process) {
      if (isArmed && process.role === scenario.in) victim ??= process;
    },
    network: {
      latencyMs: () => 1,
      faultOf(process, name) {
        if (process !== victim) return undefined;
        calls.push(name);
        return cut?.at === calls.length - 1 ? cut.fault : undefined;
      },
    },
  });
  system.sweepIs(false);
  const isArranged = await during(system, scenario.arrange);
  system.sweepIs(true);
  isArmed = true;
  if (!isArranged || !(await during(system, scenario.act))) return { calls, broken: ["a caller is never answered"] };
  await system.settle(SETTLES_WITHIN_MS);
  // A slot that was not given back ends with its lease.
  await system.time.run(() => system.heldSlots().length === 0, system.time.now() + LAUNCH_MS);
  // A sweep leaves at rest what is at rest.
  await system.wait(2 * MINUTE_MS);
  const states = [...system.records.values()].map(({ id, state }) => ({ id, state }));
  const unexpected = states.filter(({ state }) => !scenario.ends.includes(state));
  return {
    calls,
    broken: [
      ...(calls.length === 0 ? ["the flow never ran"] : []),
      ...(await brokenPromises(system)),
      ...unexpected.map(({ id, state }) => `${id} is ${state}`),
      ...(scenario.check?.(system) ?? []),
    ],
  };
}

// Time passes only while somebody lets it. Returns whether `act` came to its end.
async function during(system: System, act: ((system: System) => Promise<unknown>) | undefined): Promise<boolean> {
  if (act === undefined) return true;
  let isOver = false;
  const acting = act(system).finally(() => {
    isOver = true;
  });
  if (!(await system.time.run(() => isOver, system.time.now() + SETTLES_WITHIN_MS))) return false;
  await acting;
  return true;
}
