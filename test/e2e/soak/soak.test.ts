import { expect, it } from "vitest";
import { soak } from "./soak.ts";

// One seed, since each takes a minute of both processors. CI runs five with twice as many executions: npm run soak --
// <seed> ….

it("whatever goes wrong, every promise is kept", async () => {
  const { broken, injected, states } = await soak(1, 60);
  expect(injected.length).toBeGreaterThan(60);
  for (const who of [/-api /, /-fn-note /, /-fn-oneByOne /, /-sweep /]) {
    expect(injected.filter((fault) => fault.startsWith("killed") && who.test(fault))).not.toEqual([]);
  }
  expect(Object.keys(states).sort()).toEqual(["aborted", "cancelled", "discarded", "failed", "succeed"]);
  expect(broken).toEqual([]);
});
