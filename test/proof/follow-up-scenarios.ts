import type { UserCode } from "../../harness/simulation/user-code.ts";
import type { Scenario } from "./crash-points.ts";
import { followed, MINUTE, quick, SECOND } from "./simulated-functions.ts";
import { lostWorker } from "./sweep-scenarios.ts";

const endings: { name: string; code: UserCode; isLate?: true; ends: string[] }[] = [
  { name: "succeeds", code: quick, ends: ["succeed"] },
  { name: "succeeds in the end", code: { ms: 100, failures: 1 }, ends: ["succeed"] },
  { name: "fails in the end", code: { ms: 100, failures: 9 }, ends: ["failed", "succeed"] },
  { name: "starts too late", code: quick, isLate: true, ends: ["discarded", "succeed"] },
];

export const followUps: Scenario[] = [
  ...endings.flatMap(({ name, code, isLate, ends }) =>
    [
      { in: "run" as const, flows: ["claim", "finish"] },
      { in: "fire" as const, flows: ["followUp"] },
    ].map(
      (where): Scenario => ({
        ...where,
        name: `with a follow-up, of an execution that ${name}`,
        act: (system) => system.enqueue(followed, code, isLate ? { discardAfterMs: system.time.now() - 1 } : {}),
        ends,
      }),
    ),
  ),
  {
    flows: ["sweep"],
    name: "what has ended, and whose follow-up is not made",
    in: "sweep",
    async arrange(system) {
      await system.enqueue(followed, quick);
      while (![...system.records.values()].every(({ state }) => state === "succeed")) await system.time.sleep(1);
      system.queueOf("(fire)").purge();
      for (const process of system.living) if (process.role === "fire") process.kill();
      await system.time.sleep(MINUTE);
      system.queueOf("(fire)").purge();
    },
    ends: ["succeed"],
  },
  {
    flows: ["sweep"],
    name: "a lost worker of a function with follow-ups",
    in: "sweep",
    arrange: (system) => lostWorker(system, followed, { ms: 20 * SECOND }),
    ends: ["succeed"],
  },
];
