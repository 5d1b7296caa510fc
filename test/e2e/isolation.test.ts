import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { caller } from "../../harness/caller.ts";
import { type DevProcess, readyEnvironment, startDev } from "../support/dev-process.ts";

// Each execution has an environment of its own, as with Defer: here against npm start, in one warm Lambda.

let dev: DevProcess;
let calls: ReturnType<typeof caller>;
let logsOf: (id: string) => Promise<string[]>;

beforeAll(async () => {
  dev = startDev(["--functions", "test/fixtures/leftovers/defer"]);
  const environment = await readyEnvironment(dev);
  calls = caller(environment);
  logsOf = async (id) => {
    const url = new URL(`/public/v2/executions/${id}/logs`, environment.DEFER_ENDPOINT);
    const answer = await fetch(url, { headers: { authorization: `Bearer ${environment.DEFER_TOKEN}` } });
    const lines = (await answer.text()).split("\n").filter(Boolean);
    return lines.map((line) => (JSON.parse(line) as { line: string }).line);
  };
});

afterAll(() => dev.stop());

async function run(step: string) {
  const id = await calls.enqueue("importRows", [step]);
  const { state } = await calls.ended(id);
  return { id, state, result: await calls.result(id) };
}

describe("an execution after another one", () => {
  it.each(["forget a timer", "forget an interval", "exit later"])(
    "is not disturbed by what it left: %s",
    async (step) => {
      expect(await run(step)).toMatchObject({ state: "succeed", result: "done" });
      const { id, ...ended } = await run("work");
      expect(ended).toEqual({ state: "succeed", result: "done" });
      expect(await logsOf(id)).toEqual(Array.from({ length: 15 }, (_, row) => `row ${row}`));
    },
  );

  it("does not see what it changed", async () => {
    expect(await run("change")).toMatchObject({ state: "succeed", result: "changed" });
    expect(await run("look")).toMatchObject({
      state: "succeed",
      result: { tenant: null, cwd: "own", user: null, time: true, seen: [] },
    });
  });
});
