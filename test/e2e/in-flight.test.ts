import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { aCloud, type RunningCloud } from "../support/a-cloud.ts";
import { aProject } from "../support/a-project.ts";
import { until } from "../support/until.ts";

// From one template to the next while executions wait and run: the table of docs/operations.md, "Changing functions
// while work waits".

const MINUTE_MS = 60_000;
const in_ = (ms: number) => ({ schedule_for: new Date(Date.now() + ms).toISOString() });
/** How long a queue of a changed kind may hold up messages in flight: until the sweep has run twice. */
const SWEEPS_MS = 3 * MINUTE_MS;

/** The source of a function: `run` is the body of what is deferred, `options` those of `defer`. */
function source(name: string, run: string, options = ""): string {
  return `import { defer } from "@defer/client";
    export default defer(async function ${name}(...args: any[]) { ${run} }${options && `, ${options}`});`;
}

/** The changes from the first template to the second: a source file, or `undefined` to remove it. */
type Folder = Record<string, string | undefined>;

/** A cloud with the functions of `first`; `move` deploys these changes. */
async function inFlight(first: Record<string, string>) {
  const files = Object.entries(first).map(([name, text]) => [`defer/${name}.ts`, text] as const);
  const project = await aProject({ "package.json": "{}", ...Object.fromEntries(files) });
  const functions = join(project.directory, "defer");
  // Schedules that come due while the clock leaps fire during the leap.
  const running = await aCloud({ functions, dynamodb: "dynalite", random: () => 0 });
  return {
    ...running,
    directory: project.directory,
    async move(changes: Folder) {
      for (const [name, text] of Object.entries(changes)) {
        if (text === undefined) await project.remove(`defer/${name}.ts`);
        else await project.write(`defer/${name}.ts`, text);
      }
      await running.deploy(functions);
    },
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]();
      await project[Symbol.asyncDispose]();
    },
  };
}

const get = async ({ calls }: Pick<RunningCloud, "calls">, id: string) =>
  ((await calls.send("GET", `/${id}`)) as { data: Record<string, unknown> }).data;
const isIn = (running: Pick<RunningCloud, "calls">, id: string, state: string) =>
  until(
    () => get(running, id),
    (data) => data["state"] === state,
  );
const refusal = (promise: Promise<unknown>) => promise.then(() => "accepted", String);

describe("a function that is removed, or renamed", () => {
  it("fails what waits for it after four hours, unless it is put back", async () => {
    const stays = source("stays", "return 1;");
    const gone = (name: string) => source(name, "return args[0];");
    await using it = await inFlight({ stays, gone: gone("gone"), before: gone("before") });
    const inQueue = await it.calls.enqueue("gone", [1], in_(10 * MINUTE_MS));
    const withTimer = await it.calls.enqueue("gone", [2], in_(30 * MINUTE_MS));
    const cancelled = await it.calls.enqueue("gone", [3], in_(30 * MINUTE_MS));
    const renamed = await it.calls.enqueue("before", [4], in_(10 * MINUTE_MS));

    await it.move({ gone: undefined, before: undefined, after: gone("after") });
    expect(await get(it, inQueue)).toMatchObject({ state: "created", function_name: "gone" });
    expect(await refusal(it.calls.enqueue("gone"))).toMatch(/400.*cannot find function/);
    expect(await refusal(it.calls.send("POST", `/${inQueue}/reruns`))).toMatch(/400.*cannot find function/);
    expect(await refusal(it.calls.send("PATCH", `/${inQueue}/schedule`, {}))).toMatch(/400.*cannot find function/);
    await it.calls.send("POST", `/${cancelled}/cancellation`);
    expect(await get(it, cancelled)).toMatchObject({ state: "cancelled" });

    // Three hours later it is back.
    await it.cloud.advanceClock(180 * MINUTE_MS);
    expect(await get(it, withTimer)).toMatchObject({ state: "created", attempt: 1 });
    await it.move({ gone: gone("gone") });
    await it.cloud.advanceClock(31 * MINUTE_MS);
    for (const id of [inQueue, withTimer]) expect(await it.calls.ended(id)).toMatchObject({ state: "succeed" });

    // A leap of more than a hundred minutes is one sweep; each sees that the function is missing.
    for (let seen = await get(it, renamed); seen["state"] === "created"; ) {
      const last = seen["updated_at"];
      await it.cloud.advanceClock(101 * MINUTE_MS);
      seen = await until(
        () => get(it, renamed),
        (data) => data["updated_at"] !== last,
      );
    }
    expect(await it.calls.ended(renamed)).toMatchObject({ state: "failed", error_code: "ER0000" });
    const { name, message } = (await it.calls.result(renamed)) as { name: string; message: string };
    expect(name).toBe("FunctionNotDeployedError");
    expect(message).toContain('"before"');
    expect(await it.calls.enqueue("after", [5]).then((id) => it.calls.ended(id))).toMatchObject({ state: "succeed" });
  }, 120_000);

  it("fails what runs as a lost worker, at the latest when its lease is over", async () => {
    const stays = source("stays", "return 1;");
    const slow = source("slow", "for (;;) await new Promise((r) => setTimeout(r, 50));", "{ retry: 3 }");
    await using it = await inFlight({ stays, slow });
    const id = await it.calls.enqueue("slow");
    await isIn(it, id, "started");
    await it.move({ slow: undefined });
    await it.cloud.advanceClock(SWEEPS_MS);
    expect(await it.calls.ended(id)).toMatchObject({ state: "failed", error_code: "ER0000" });
    expect(await it.calls.result(id)).toMatchObject({ name: "WorkerLostError" });
  }, 120_000);
});

describe("a function whose concurrency changes between one and many", () => {
  it("runs all that was on its way, wherever that was", async () => {
    const one = (name: string) => source(name, "return args[0];", "{ concurrency: 1 }");
    const many = (name: string) => source(name, "return args[0];");
    await using it = await inFlight({ toMany: one("toMany"), toOne: many("toOne") });
    const enqueued = await Promise.all(
      ["toMany", "toOne"].flatMap((name) => [
        // In the fire queue, or in the function's own.
        it.calls.enqueue(name, ["soon"], in_(6_000)),
        it.calls.enqueue(name, ["later"], in_(20 * MINUTE_MS)),
      ]),
    );
    await it.move({ toMany: many("toMany"), toOne: one("toOne") });
    const names = it.cloud.resources
      .filter(({ type }) => type === "AWS::SQS::Queue")
      .map(({ physicalId }) => physicalId);
    expect(
      names
        .filter((url) => /-fn-/.test(url))
        .map((url) => url.split("-fn-")[1])
        .sort(),
    ).toEqual(["toMany", "toOne.fifo"]);
    // The clock must not leap while one of them runs: it would be taken for lost.
    const endMinuteByMinute = async (ids: string[]) => {
      for (let minutes = 0; minutes < 7; minutes++) {
        await it.cloud.advanceClock(MINUTE_MS);
        const all = () => Promise.all(ids.map((id) => get(it, id)));
        const haveEnded = (them: Record<string, unknown>[]) => them.every((data) => data["finished_at"] !== undefined);
        if (await until(all, haveEnded, 6_000).catch(() => undefined)) return;
      }
    };
    const [manySoon = "", manyLater = "", oneSoon = "", oneLater = ""] = enqueued;
    await endMinuteByMinute([manySoon, oneSoon]);
    await it.cloud.advanceClock(15 * MINUTE_MS);
    await endMinuteByMinute([manyLater, oneLater]);
    for (const id of enqueued) expect(await it.calls.ended(id, 60_000)).toMatchObject({ state: "succeed", attempt: 1 });
  }, 120_000);

  it("retries by the new queue what began with the old one", async () => {
    const failsOnce = (name: string, options: string) =>
      source(
        name,
        `const { existsSync, writeFileSync } = await import("node:fs");
        if (existsSync(args[0])) return "again";
        writeFileSync(args[0], "");
        await new Promise((r) => setTimeout(r, 4_000));
        throw new Error("once");`,
        options,
      );
    const retry = "retry: { maxAttempts: 1, initialInterval: 1, randomizationFactor: 0 }";
    await using it = await inFlight({ work: failsOnce("work", `{ concurrency: 1, ${retry} }`) });
    const id = await it.calls.enqueue("work", [join(it.directory, "failed")]);
    await isIn(it, id, "started");
    await it.move({ work: failsOnce("work", `{ ${retry} }`) });
    await until(
      () => get(it, id),
      ({ attempt }) => attempt === 2,
    );
    await it.cloud.advanceClock(SWEEPS_MS);
    expect(await it.calls.ended(id, 60_000)).toMatchObject({ state: "succeed", attempt: 2 });
  }, 120_000);
});

describe("maxDuration and the retry policy", () => {
  it("are for an attempt those that it began with, and for the next one those of then", async () => {
    const retry = (maxAttempts: number, initialInterval: number) =>
      `retry: { maxAttempts: ${maxAttempts}, initialInterval: ${initialInterval}, randomizationFactor: 0 }`;
    const slow = (options: string) =>
      source("slow", 'await new Promise((r) => setTimeout(r, 5_000)); throw new Error("slow");', `{ ${options} }`);
    await using it = await inFlight({ slow: slow(`maxDuration: 60, ${retry(5, 2)}`) });
    const id = await it.calls.enqueue("slow");
    await isIn(it, id, "started");
    await it.move({ slow: slow(`maxDuration: 1, ${retry(1, 100)}`) });

    // The first one may run on for its five seconds, and is retried as it was promised then.
    await until(
      () => get(it, id),
      ({ attempt }) => attempt === 2,
    );
    expect(await it.calls.result(`${id}.1`)).toMatchObject({ message: "slow" });
    expect(await it.calls.ended(id)).toMatchObject({ state: "failed", attempt: 2, error_code: "ER0001" });
  }, 120_000);
});

describe("a cron expression that is", () => {
  it("changed, made or removed: its ticks are those of the last template", async () => {
    const plain = (name: string) => source(name, "return 1;");
    const ticking = (name: string, expression: string) =>
      plain(name).replace("defer(async", "defer.cron(async").replace(/\);$/, `, "${expression}");`);
    await using it = await inFlight({
      changed: ticking("changed", "* * * * *"),
      removed: ticking("removed", "* * * * *"),
      made: plain("made"),
    });
    await it.cloud.advanceClock(2 * MINUTE_MS);
    const list = async () =>
      (await it.calls.send("POST", "", { page: { first: 100 }, filters: {} })) as {
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
    await it.move({
      changed: ticking("changed", "0 0 1 1 *"),
      removed: plain("removed"),
      made: ticking("made", "* * * * *"),
    });
    await it.cloud.advanceClock(5 * MINUTE_MS);
    await until(
      () => of("made"),
      (found) => found.length > 2,
    );
    // A tick that was on its way is still run.
    expect((await of("changed")).length).toBeLessThanOrEqual(before.changed + 1);
    expect((await of("removed")).length).toBeLessThanOrEqual(before.removed + 1);
  }, 120_000);
});
