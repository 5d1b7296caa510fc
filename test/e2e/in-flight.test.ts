import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aCloud, type RunningCloud } from "../../harness/a-cloud.ts";
import { until } from "../../harness/until.ts";
import { aProject, type Project } from "../support/a-project.ts";

// From one template to the next while executions wait and run: the table of docs/operations.md, "Changing functions
// while work waits".

const MINUTE_MS = 60_000;
/** How far the clock of the Lambdas is ahead. */
let aheadMs = 0;
const in_ = (ms: number) => ({ schedule_for: new Date(Date.now() + aheadMs + ms).toISOString() });
/** How long a queue of a changed kind may hold up messages in flight: until the sweep has run twice. */
const SWEEPS_MS = 3 * MINUTE_MS;

/** The source of a function: `run` is the body of what is deferred, `options` those of `defer`. */
function source(name: string, run: string, options = ""): string {
  return `import { defer } from "@defer/client";
    export default defer(async function ${name}(...args: any[]) { ${run} }${options && `, ${options}`});`;
}

/** The changes from the first template to the second: a source file, or `undefined` to remove it. */
type Folder = Record<string, string | undefined>;

const first: Record<string, string> = {};
let running: RunningCloud;
let project: Project;
beforeAll(async () => {
  const files = Object.entries(first).map(([name, text]) => [`defer/${name}.ts`, text] as const);
  project = await aProject({ "package.json": "{}", ...Object.fromEntries(files) });
  // Schedules that come due while the clock leaps fire during the leap.
  running = await aCloud({ functions: join(project.directory, "defer"), dynamodb: "dynalite", random: () => 0 });
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await project[Symbol.asyncDispose]();
});

/** Adds functions to the first template, which all tests of this file begin with. */
function given(sources: Record<string, string>): void {
  Object.assign(first, sources);
}

async function advance(ms: number): Promise<void> {
  aheadMs += ms;
  await running.cloud.advanceClock(ms);
}

/** Deploys these changes. */
async function move(changes: Folder): Promise<void> {
  for (const [name, text] of Object.entries(changes)) {
    if (text === undefined) await project.remove(`defer/${name}.ts`);
    else await project.write(`defer/${name}.ts`, text);
  }
  await running.deploy(join(project.directory, "defer"));
}

const get = async (id: string) =>
  ((await running.calls.send("GET", `/${id}`)) as { data: Record<string, unknown> }).data;
const isIn = (id: string, state: string) => running.calls.until(id, (data) => data["state"] === state);
/** Source that waits until `file` is there. */
const untilThere = (file: string) =>
  `for (const fs = await import("node:fs"); !fs.existsSync(${file}); ) await new Promise((r) => setTimeout(r, 50));`;
const refusal = (promise: Promise<unknown>) => promise.then(() => "accepted", String);

describe("a function that is removed, or renamed", () => {
  const gone = (name: string) => source(name, "return args[0];");
  const slow = source("slow", "for (;;) await new Promise((r) => setTimeout(r, 50));", "{ retry: 3 }");
  given({ stays: source("stays", "return 1;"), gone: gone("gone"), before: gone("before"), slow });

  it("fails what waits for it after four hours, unless it is put back", async () => {
    const inQueue = await running.calls.enqueue("gone", [1], in_(10 * MINUTE_MS));
    const withTimer = await running.calls.enqueue("gone", [2], in_(30 * MINUTE_MS));
    const cancelled = await running.calls.enqueue("gone", [3], in_(30 * MINUTE_MS));
    const renamed = await running.calls.enqueue("before", [4], in_(10 * MINUTE_MS));

    await move({ gone: undefined, before: undefined, after: gone("after") });
    expect(await get(inQueue)).toMatchObject({ state: "created", function_name: "gone" });
    expect(await refusal(running.calls.enqueue("gone"))).toMatch(/400.*cannot find function/);
    expect(await refusal(running.calls.send("POST", `/${inQueue}/reruns`))).toMatch(/400.*cannot find function/);
    expect(await refusal(running.calls.send("PATCH", `/${inQueue}/schedule`, {}))).toMatch(/400.*cannot find function/);
    await running.calls.send("POST", `/${cancelled}/cancellation`);
    expect(await get(cancelled)).toMatchObject({ state: "cancelled" });

    // Three hours later it is back.
    await advance(180 * MINUTE_MS);
    expect(await get(withTimer)).toMatchObject({ state: "created", attempt: 1 });
    await move({ gone: gone("gone") });
    await advance(31 * MINUTE_MS);
    for (const id of [inQueue, withTimer]) expect(await running.calls.ended(id)).toMatchObject({ state: "succeed" });

    // A leap of more than a hundred minutes is one sweep; each sees that the function is missing.
    for (let seen = await get(renamed); seen["state"] === "created"; ) {
      const last = seen["updated_at"];
      await advance(101 * MINUTE_MS);
      seen = await running.calls.until(renamed, (data) => data["updated_at"] !== last);
    }
    expect(await running.calls.ended(renamed)).toMatchObject({ state: "failed", error_code: "ER0000" });
    const { name, message } = (await running.calls.result(renamed)) as { name: string; message: string };
    expect(name).toBe("FunctionNotDeployedError");
    expect(message).toContain('"before"');
    expect(await running.calls.enqueue("after", [5]).then((id) => running.calls.ended(id))).toMatchObject({
      state: "succeed",
    });
  });

  it("fails what runs as a lost worker, at the latest when its lease is over", async () => {
    const id = await running.calls.enqueue("slow");
    await isIn(id, "started");
    await move({ slow: undefined });
    await advance(SWEEPS_MS);
    expect(await running.calls.ended(id)).toMatchObject({ state: "failed", error_code: "ER0000" });
    expect(await running.calls.result(id)).toMatchObject({ name: "WorkerLostError" });
  });
});

describe("a function whose concurrency changes between one and many", () => {
  const one = (name: string) => source(name, "return args[0];", "{ concurrency: 1 }");
  const many = (name: string) => source(name, "return args[0];");
  given({ toMany: one("toMany"), toOne: many("toOne") });

  it("runs all that was on its way, wherever that was", async () => {
    const enqueued = await Promise.all(
      ["toMany", "toOne"].flatMap((name) => [
        // In the fire queue, or in the function's own.
        running.calls.enqueue(name, ["soon"], in_(6_000)),
        running.calls.enqueue(name, ["later"], in_(20 * MINUTE_MS)),
      ]),
    );
    await move({ toMany: many("toMany"), toOne: one("toOne") });
    const names = running.cloud.resources
      .filter(({ type }) => type === "AWS::SQS::Queue")
      .map(({ physicalId }) => physicalId);
    expect(
      names
        .filter((url) => /-fn-to(Many|One)/.test(url))
        .map((url) => url.split("-fn-")[1])
        .sort(),
    ).toEqual(["toMany", "toOne.fifo"]);
    // The clock must not leap while one of them runs: it would be taken for lost.
    const endMinuteByMinute = async (ids: string[]) => {
      for (let minutes = 0; minutes < 7; minutes++) {
        await advance(MINUTE_MS);
        await running.settled();
        const all = await Promise.all(ids.map((id) => get(id)));
        if (all.every((data) => data["finished_at"] !== undefined)) return;
      }
    };
    const [manySoon = "", manyLater = "", oneSoon = "", oneLater = ""] = enqueued;
    // It ends in real time, where the fire queue has it until its queue has changed.
    await until(running.messages, (counts) => counts["Epoque-fire"] === undefined);
    await running.settled();
    await endMinuteByMinute([manySoon, oneSoon]);
    await advance(15 * MINUTE_MS);
    await endMinuteByMinute([manyLater, oneLater]);
    for (const id of enqueued)
      expect(await running.calls.ended(id, 60_000)).toMatchObject({ state: "succeed", attempt: 1 });
  });

  const failsOnce = (name: string, options: string) =>
    source(
      name,
      `const { existsSync, writeFileSync } = await import("node:fs");
      if (existsSync(args[0])) return "again";
      writeFileSync(args[0], "");
      ${untilThere("args[1]")}
      throw new Error("once");`,
      options,
    );
  const retry = "retry: { maxAttempts: 1, initialInterval: 1, randomizationFactor: 0 }";
  given({ work: failsOnce("work", `{ concurrency: 1, ${retry} }`) });

  it("retries by the new queue what began with the old one", async () => {
    const deployed = join(project.directory, "deployed-work");
    const id = await running.calls.enqueue("work", [join(project.directory, "failed"), deployed]);
    await isIn(id, "started");
    await move({ work: failsOnce("work", `{ ${retry} }`) });
    await writeFile(deployed, "");
    await running.calls.until(id, ({ attempt }) => attempt === 2);
    await advance(SWEEPS_MS);
    expect(await running.calls.ended(id, 60_000)).toMatchObject({ state: "succeed", attempt: 2 });
  });
});

describe("maxDuration and the retry policy", () => {
  const retry = (maxAttempts: number, initialInterval: number) =>
    `retry: { maxAttempts: ${maxAttempts}, initialInterval: ${initialInterval}, randomizationFactor: 0 }`;
  const deployed = () => join(project.directory, "deployed-fails");
  // Longer than the duration that is deployed meanwhile.
  const slow = `await new Promise((r) => setTimeout(r, 1_500)); ${untilThere("args[0]")} throw new Error("slow");`;
  given({ fails: source("fails", slow, `{ maxDuration: 60, ${retry(5, 2)} }`) });

  it("are for an attempt those that it began with, and for the next one those of then", async () => {
    const id = await running.calls.enqueue("fails", [deployed()]);
    await isIn(id, "started");
    const endless = "await new Promise((r) => setTimeout(r, 1e6));";
    await move({ fails: source("fails", endless, `{ maxDuration: 1, ${retry(1, 100)} }`) });
    await writeFile(deployed(), "");

    // The first one may run on, and is retried as it was promised then.
    await running.calls.until(id, ({ attempt }) => attempt === 2);
    expect(await running.calls.result(`${id}.1`)).toMatchObject({ message: "slow" });
    expect(await running.calls.ended(id)).toMatchObject({ state: "failed", attempt: 2, error_code: "ER0001" });
  });
});

describe("a cron expression that is", () => {
  it("changed, made or removed: its ticks are those of the last template", async () => {
    const plain = (name: string) => source(name, "return 1;");
    const ticking = (name: string, expression: string) =>
      plain(name).replace("defer(async", "defer.cron(async").replace(/\);$/, `, "${expression}");`);
    await move({
      changed: ticking("changed", "* * * * *"),
      removed: ticking("removed", "* * * * *"),
      made: plain("made"),
    });
    await advance(2 * MINUTE_MS);
    const list = async () =>
      (await running.calls.send("POST", "", { page: { first: 100 }, filters: {} })) as {
        data: { function_name: string; state: string; id: string }[];
      };
    const of = async (name: string) => (await list()).data.filter((each) => each.function_name === name);
    for (const name of ["changed", "removed"]) {
      await until(
        () => of(name),
        (found) => found.length > 0 && found.every(({ state }) => state === "succeed"),
      );
    }
    const before = { changed: (await of("changed")).length, removed: (await of("removed")).length };
    await move({
      changed: ticking("changed", "0 0 1 1 *"),
      removed: plain("removed"),
      made: ticking("made", "* * * * *"),
    });
    await advance(5 * MINUTE_MS);
    await until(
      () => of("made"),
      (found) => found.length > 2,
    );
    // A tick that was on its way is still run.
    expect((await of("changed")).length).toBeLessThanOrEqual(before.changed + 1);
    expect((await of("removed")).length).toBeLessThanOrEqual(before.removed + 1);
    // No ticks for the other tests.
    await move({ changed: undefined, removed: undefined, made: undefined });
  });
});
