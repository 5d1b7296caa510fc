import assert from "node:assert/strict";
import {
  assignOptions,
  awaitResult,
  cancelExecution,
  defer,
  getExecutionResult,
  listExecutionAttempts,
  listExecutions,
  reRunExecution,
  rescheduleExecution,
} from "@defer/client";
import type { Check } from "../checks.ts";
import { calls, request, schedule } from "./deployment.ts";
import { oneOfEach } from "./one-of-each.ts";

const HOUR_MS = 3_600_000;
/** A message leaves the timer this long before it is due. */
const TIMER_LEAD_MS = 120_000;

/** Marks the executions of this run in lists. */
const user = `user-${Date.now()}`;

// By their names: the code of these runs in the deployment.
const videoTranscript = defer(async function videoTranscript(_url: string, _sentences: string[]): Promise<unknown> {
  return undefined;
});
const documentSummarization = defer(async function documentSummarization(_text: string): Promise<unknown> {
  return undefined;
});
const welcomeContact = defer(async function welcomeContact(_name: string, _email: string): Promise<unknown> {
  return undefined;
});

/** Everything that the API and the client offer, with the functions of `defer/`. */
export async function samples(check: Check): Promise<void> {
  await requests(check);
  await oneOfEach(check);
  await results(check);
  await lists(check);
  await times(check);
  await payloads(check);
}

async function requests(check: Check): Promise<void> {
  await check("GET /health needs no token", async () => {
    assert.equal((await request("/health", { headers: {} })).status, 200);
  });
  await check("a wrong token is a 401", async () => {
    const headers = { authorization: "Bearer wrong" };
    assert.equal((await request("/public/v2/executions", { headers })).status, 401);
  });
  await check("an unknown route has our own 404", async () => {
    const answer = await request("/public/v2/nothing");
    assert.equal(answer.status, 404);
    assert.ok("error" in ((await answer.json()) as object));
  });
  await check("an unknown function is a 400", async () => {
    await assert.rejects(calls.enqueue("unknown"), /400.*unknown/s);
  });
  await check("an Idempotency-Key gives the same execution again", async () => {
    const body = { function_name: "videoTranscript", function_arguments: ["u", []] };
    const answers = [];
    for (const _ of [1, 2]) answers.push((await calls.send("PUT", "", body, user)) as { data: { id: string } });
    assert.equal(answers[0]?.data.id, answers[1]?.data.id);
  });
}

async function results(check: Check): Promise<void> {
  await check("awaitResult gives the value", async () => {
    assert.deepEqual(await awaitResult(videoTranscript)("https://v.test/1", ["Hello."]), [
      { at: "00:00:00", text: "Hello." },
    ]);
  });
  await check("awaitResult throws the function's error, with its own stack", async () => {
    await assert.rejects(awaitResult(documentSummarization)("no sentence"), (error: Error) => {
      assert.equal(error.message, "the document has no sentences");
      return /documentSummarization\.ts:\d+/.test(error.stack ?? "");
    });
  });
  await check("arguments and logs are as they were", async () => {
    const id = await calls.enqueue("videoTranscript", ["https://v.test/é", ["x"]]);
    await calls.ended(id);
    assert.deepEqual(await calls.send("GET", `/${id}/arguments`), ["https://v.test/é", ["x"]]);
    const logs = await (await request(`/public/v2/executions/${id}/logs`)).text();
    const lines = logs.trim().split("\n");
    assert.deepEqual(
      lines.map((line) => (JSON.parse(line) as { line: string }).line),
      ["transcribing https://v.test/é", "1 cues"],
    );
  });
  await check("children know their parent, and a FIFO queue keeps their order", async () => {
    const id = await calls.enqueue("importContacts", ["Ada,a@x.com\nAlan,b@x.com\nEdsger,c@x.com"]);
    assert.equal((await calls.ended(id))["state"], "succeed");
    const { welcomes } = (await getExecutionResult(id)) as { welcomes: string[] };
    const children = [];
    for (const child of welcomes) children.push(await calls.ended(child));
    assert.deepEqual(
      children.map(({ state, executed_by }) => [state, executed_by]),
      welcomes.map(() => ["succeed", id]),
    );
    const starts = children.map((child) => String(child["started_at"]));
    assert.deepEqual(starts, [...starts].sort());
  });
  await check("20 at once all succeed", async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => calls.enqueue("videoTranscript", ["u", ["x"]])));
    for (const id of ids) assert.equal((await calls.ended(id, 60_000))["state"], "succeed");
  });
}

async function lists(check: Check): Promise<void> {
  await check("lists by metadata and state, attempts, a re-run", async () => {
    const metadata = { user };
    const { id: failed } = await assignOptions(documentSummarization, { metadata })("no sentence");
    const { id: good } = await assignOptions(videoTranscript, { metadata })("u", ["x"]);
    for (const id of [failed, good]) await calls.ended(id);
    const ofUser = { metadata: [{ key: "user", values: [user] }] };
    const idsOf = ({ data }: { data: { id: string }[] }) => data.map(({ id }) => id);
    assert.deepEqual(idsOf(await listExecutions({ first: 10 }, ofUser)), [good, failed]);
    assert.deepEqual(idsOf(await listExecutions({ first: 10 }, { ...ofUser, states: ["failed"] })), [failed]);
    assert.deepEqual(idsOf(await listExecutionAttempts(failed)), [`${failed}.1`]);
    const { id: again } = await reRunExecution(failed);
    assert.notEqual(again, failed);
    assert.equal((await calls.ended(again))["error_code"], "ER0000");
  });
}

async function times(check: Check): Promise<void> {
  await check("a delay of 5 s, and of 4 s on a FIFO queue by way of the fire queue", async () => {
    const [plain, fifo] = await Promise.all([
      assignOptions(videoTranscript, { delay: "5 seconds" })("u", []),
      assignOptions(welcomeContact, { delay: "4 seconds" })("Ada", "a@x.com"),
    ]);
    const late = [];
    for (const { id } of [plain, fifo]) {
      const { started_at, scheduled_at } = await calls.ended(id);
      late.push(Date.parse(String(started_at)) - Date.parse(String(scheduled_at)));
    }
    assert.ok(Math.min(...late) >= 0, `${late}`);
    return `late by ${late.join(" and ")} ms`;
  });
  await check("in an hour: a one-time schedule, which a reschedule takes back", async () => {
    const delay = new Date(Date.now() + HOUR_MS);
    const { id } = await assignOptions(videoTranscript, { delay })("u", []);
    const made = await schedule(`${id}-0`);
    const at = new Date(delay.getTime() - TIMER_LEAD_MS).toISOString().slice(0, 19);
    assert.equal(made?.ScheduleExpression, `at(${at})`);
    assert.equal(made.ActionAfterCompletion, "DELETE");
    assert.match(made.Target?.Arn ?? "", /-fire$/);
    await rescheduleExecution(id);
    assert.equal((await calls.ended(id))["state"], "succeed");
    assert.equal(await schedule(`${id}-0`), undefined);
  });
  await check("from one hour to another, then cancelled: no schedule is left", async () => {
    const { id } = await assignOptions(videoTranscript, { delay: "1 hour" })("u", []);
    await rescheduleExecution(id, "2 hours");
    assert.notEqual(await schedule(`${id}-1`), undefined);
    await cancelExecution(id);
    assert.equal((await calls.ended(id))["state"], "cancelled");
    assert.deepEqual([await schedule(`${id}-0`), await schedule(`${id}-1`)], [undefined, undefined]);
  });
  await check("discardAfter", async () => {
    const options = { delay: "3 seconds", discardAfter: "1 second" } as const;
    const { id } = await assignOptions(videoTranscript, options)("u", []);
    assert.equal((await calls.ended(id))["state"], "discarded");
  });
}

async function payloads(check: Check): Promise<void> {
  await check("large arguments and results by S3, to which the API redirects", async () => {
    const sentences = Array.from({ length: 3_000 }, (_, index) => `Sentence ${index} with “quotes” and é.`);
    const id = await calls.enqueue("videoTranscript", ["u", sentences]);
    assert.equal((await calls.ended(id))["state"], "succeed");
    assert.deepEqual(await calls.send("GET", `/${id}/arguments`), ["u", sentences]);
    assert.equal(((await getExecutionResult(id)) as unknown[]).length, sentences.length);
  });
  await check("4 MiB of arguments", async () => {
    const id = await calls.enqueue("videoTranscript", ["u", ["x".repeat(4 * 2 ** 20)]]);
    assert.equal((await calls.ended(id))["state"], "succeed");
  });
}
