import type { System } from "../../harness/simulation/system.ts";
import type { UserCode } from "../../harness/simulation/user-code.ts";
import { debounce } from "../../lambdas/flows/debounce.ts";
import type { Scenario } from "./crash-points.ts";
import { MINUTE, plain, SECOND } from "./simulated-functions.ts";

/** Debounces until it is answered, as a client does. */
async function debounced(system: System, code: UserCode, delayMs: number): Promise<void> {
  const input = { functionName: plain, arguments: JSON.stringify([code]), metadata: { code: String(code.ms) } };
  const call = (ports: Parameters<typeof debounce>[0]) => debounce(ports, input, { key: "report", delayMs });
  for (;;) {
    const result = await system.api(call);
    if ("returned" in result) return void system.history.accepted.add(result.returned.execution.id);
    await system.time.sleep(SECOND);
  }
}

const isLastCode = ({ records }: System) =>
  [...records.values()].every(({ metadata, arguments: stored }) => metadata["code"] === "7" && "inline" in stored) &&
  records.size === 1
    ? []
    : ["the last call of the debounce does not count"];

export const debounces: Scenario[] = [
  {
    flows: ["debounce"],
    name: "that is new",
    in: "api",
    act: (system) => debounced(system, { ms: 7 }, 5 * MINUTE),
    ends: ["succeed"],
    check: isLastCode,
  },
  {
    flows: ["debounce"],
    name: "that moves another one",
    in: "api",
    arrange: (system) => debounced(system, { ms: 100 }, 5 * MINUTE),
    act: (system) => debounced(system, { ms: 7 }, 30 * MINUTE),
    ends: ["succeed"],
    check: isLastCode,
  },
  {
    flows: ["debounce"],
    name: "after the one before has begun",
    in: "api",
    async arrange(system) {
      await debounced(system, { ms: 20 * SECOND }, SECOND);
      await system.time.sleep(2 * SECOND);
    },
    act: (system) => debounced(system, { ms: 7 }, 5 * MINUTE),
    ends: ["succeed"],
    check: ({ records }) => (records.size === 2 ? [] : [`${records.size} executions`]),
  },
];
