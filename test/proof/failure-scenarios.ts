import type { System } from "../../harness/simulation/system.ts";
import { findFailure, resolveFailure } from "../../lambdas/flows/failures.ts";
import type { Scenario } from "./crash-points.ts";

const SECOND = 1_000;

const failing = (system: System) => system.enqueue("importContacts", { ms: 100, failures: 2 });

/** A failed attempt is never counted twice; it may be missing where its worker was cut. */
function miscounted({ failures }: System): string[] {
  return failures.length > 2 ? [`${failures.length} failures are counted of two`] : [];
}

/** The flows of failure groups, each from where it begins. */
export const failures: readonly Scenario[] = [
  {
    flows: ["finish"],
    name: "that counts a failure",
    in: "run",
    act: failing,
    ends: ["succeed"],
    check: miscounted,
  },
  {
    flows: ["resolveFailure"],
    name: "of a group, by a caller that tries again",
    in: "api",
    async arrange(system) {
      await failing(system);
      await system.time.sleep(5 * SECOND);
    },
    async act(system) {
      const fingerprint = system.failures[0]?.fingerprint ?? "";
      for (;;) {
        const result = await system.api(async (ports) =>
          resolveFailure(ports, await findFailure(ports, fingerprint), "ignored", "admin"),
        );
        if ("returned" in result && result.returned.state === "ignored") return;
        await system.time.sleep(SECOND);
      }
    },
    ends: ["succeed"],
    check: miscounted,
  },
];
