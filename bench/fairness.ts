import { aboveRate, behindCrowd, TAKES_MS } from "../harness/simulation/crowds.ts";
import { type Bench, distribution, type Figure } from "./figure.ts";

const CROWD = 10_000;

/** How long one tenant waits behind another one's crowd, and how a crowd drains above a rate; simulated. */
export const bench: Bench = async () => {
  const lane = (name: string, value: number): Figure => ({ row: "a lane", name, unit: "ms", value, n: 1 });
  const rate = (name: string, value: number, unit = ""): Figure => ({ row: "a rate", name, unit, value, n: CROWD });
  const waitedMs = await behindCrowd(CROWD);
  const { starts, lateMs, maxWrites } = await aboveRate(CROWD);
  if (starts.length !== CROWD) throw new Error(`${starts.length} of ${CROWD} have started`);
  return {
    figures: [
      lane("a slot's time", TAKES_MS),
      lane("the other tenant waits", waitedMs),
      rate("drained after", Math.round(((starts.at(-1) ?? 0) - (starts[0] ?? 0)) / 1_000), "s"),
      rate("writes, most", maxWrites),
      distribution("a rate: late", "ms", lateMs),
    ],
    notes: [
      `Simulated: the flows of the product over memory ports. A crowd is ${CROWD.toLocaleString("en-US")} executions that are asked for at once.`,
      "The other tenant's execution is asked for ten seconds after the crowd; its slots are its own.",
      "Late is what starts after its reserved time; a write is one of the execution's record, its creation and end included.",
    ],
  };
};
