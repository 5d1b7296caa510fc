import { describe, expect, it } from "vitest";
import { createClient, EpoqueError } from "../../client/client.ts";
import { aCountedFailure, aCreated, aNewId, anAttempt, anId, aStarted } from "../../harness/an-execution.ts";
import { memoryApi } from "../support/api.ts";
import { MEMORY_ENDPOINT, memoryFetch } from "../support/memory-fetch.ts";

const endpoint = MEMORY_ENDPOINT;

/** The client of an API over ports in memory; every answer is held against the contract. */
function given(token = "current") {
  const api = memoryApi();
  const { requests, fetch } = memoryFetch(api);
  return { ports: api.ports, requests, client: createClient({ endpoint: `${endpoint}/`, token, fetch }) };
}

describe("the client", () => {
  it("enqueues, also in batches of a hundred, in order and each with its own result", async () => {
    const { client, ports, requests } = given();
    const one = await client.executions.enqueue({ function_name: "importContacts", idempotency_key: "k" });
    const all = Array.from({ length: 250 }, (_, n) => ({ function_name: n === 7 ? "nope" : "importContacts" }));
    const results = await client.executions.batch([{ function_name: "importContacts", idempotency_key: "k" }, ...all]);
    expect(results[0]).toMatchObject({ execution: { id: one.id } });
    expect(results.flatMap((result, index) => ("error" in result ? [index] : []))).toEqual([8]);
    expect(results[8]).toMatchObject({ error: { error: "bad_request" } });
    expect(ports.executions.records.size).toBe(250);
    expect(requests.filter((request) => request.includes("batch"))).toHaveLength(3);
  });

  it("debounces: many calls make one execution, with the last arguments", async () => {
    const { client, ports } = given();
    const call = (number: number) => ({
      function_name: "importContacts",
      function_arguments: [number],
      debounce: { key: "a", delaySeconds: 60, maxDelaySeconds: 600 },
    });
    const { id } = await client.executions.enqueue(call(1));
    expect(await client.executions.enqueue(call(2))).toHaveProperty("id", id);
    expect(await client.executions.batch([call(3)])).toMatchObject([{ execution: { id } }]);
    expect(ports.executions.records.size).toBe(1);
    expect(await client.executions.arguments(id)).toEqual([3]);
  });

  it("lists all there are, a page at a time", async () => {
    const { client, ports, requests } = given();
    for (let index = 0; index < 250; index++) {
      const id = aNewId(index);
      ports.executions.records.set(id, aCreated({ id, ...(index % 2 === 1 && { metadata: { odd: "1" } }) }));
    }
    const ids: string[] = [];
    for await (const { id } of client.executions.list()) ids.push(id);
    expect(ids).toEqual([...ports.executions.records.keys()].reverse());
    expect(requests).toHaveLength(3);
    let odd = 0;
    for await (const _ of client.executions.list({ metadata: [{ key: "odd", values: ["1"] }] })) odd++;
    expect(odd).toBe(125);
    for await (const _ of client.executions.list()) break;
  });

  it("reads, reschedules, cancels and re-runs", async () => {
    const { client, ports } = given();
    ports.executions.records.set(anId, aCreated());
    const { executions } = client;
    expect(await executions.get(anId)).toMatchObject({ id: anId, state: "created" });
    const at = new Date(3_600_000);
    expect(await executions.reschedule(anId, at)).toMatchObject({ scheduled_at: at.toISOString() });
    expect(await executions.reschedule(anId)).toMatchObject({ scheduled_at: new Date(10_000).toISOString() });
    const again = await executions.rerun(anId, { arguments: [2] });
    expect(again).toMatchObject({ rerun_of: anId });
    expect(ports.executions.records.get(again.id)).toMatchObject({ arguments: { inline: "[2]" } });
    expect(await executions.cancel(anId)).toMatchObject({ state: "cancelled" });
    ports.executions.records.set(anId, aStarted({ state: "aborting" }));
    expect(await executions.cancel(anId, { force: true })).toBeUndefined();
    const attempts: number[] = [];
    for await (const { attempt } of executions.attempts(anId)) attempts.push(attempt);
    expect(attempts).toEqual([1]);
  });

  it("reads logs", async () => {
    const { client, ports } = given();
    ports.executions.records.set(anId, aStarted());
    const line = { time: new Date(0).toISOString(), stream: "stdout", line: "a\u2028b" };
    await ports.attempts.record(anAttempt({ logs: { inline: `${JSON.stringify(line)}\n` } }));
    expect(await client.executions.logs(anId)).toEqual([line]);
  });

  it("shows functions and their load", async () => {
    const { client } = given();
    const [first] = await client.functions.list({ load: true });
    expect(first?.load).toEqual({
      waiting: 0,
      parked: 0,
      parked_is_lower_bound: false,
      running: 0,
      running_is_lower_bound: false,
    });
    expect(await client.functions.get("oneByOne")).toMatchObject({ name: "oneByOne", concurrency: 1 });
  });

  it("makes, reads, pauses, runs and removes schedules", async () => {
    const { schedules } = given().client;
    const body = { function_name: "importContacts", cron: "0 9 * * *", timezone: "Europe/Paris", metadata: { a: "1" } };
    const made = await schedules.put("report-42", body);
    expect(made).toMatchObject({ name: "report-42", cron: "0 9 * * *", paused: false });
    expect(await schedules.put("report-42", body)).toEqual(made);
    expect(await schedules.pause("report-42")).toMatchObject({ paused: true });
    const names: string[] = [];
    for await (const { name } of schedules.list({ prefix: "report-", paused: true })) names.push(name);
    expect(names).toEqual(["report-42"]);
    expect(await schedules.resume("report-42")).toMatchObject({ paused: false });
    expect(await schedules.next("report-42", 3)).toHaveLength(3);
    expect(await schedules.run("report-42", { idempotencyKey: "k" })).toMatchObject({ schedule_name: "report-42" });
    await schedules.delete("report-42");
    await expect(schedules.get("report-42")).rejects.toMatchObject({ code: "not_found" });
  });

  it("does something to all that match, as a job that is watched and stopped", async () => {
    const { client, ports } = given();
    for (let index = 0; index < 30; index++) {
      const id = aNewId(index);
      ports.executions.records.set(id, aCreated({ id, metadata: { batch: index < 20 ? "a" : "b" } }));
    }
    const filters = { metadata: [{ key: "batch", values: ["a"] }] };
    expect(await client.bulk.dryRun("cancel", { filters })).toMatchObject({ matched: 20, sample: expect.any(Array) });
    const job = await client.bulk.cancel({ filters, per_second: 10 });
    const states: string[] = [];
    for await (const { state, done } of client.bulk.watch(job.id, { pollMs: 1 })) states.push(`${state} ${done}`);
    expect(states.at(-1)).toBe("done 20");
    expect(states.length).toBeGreaterThan(1);
    const slow = await client.bulk.rerun({ filters, per_second: 1, arguments: [2] });
    expect(await client.bulk.stop(slow.id)).toMatchObject({ state: "stopped" });
    const jobs = await Array.fromAsync(client.bulk.list());
    expect(jobs.map(({ id, action }) => [id, action])).toEqual([
      [slow.id, "rerun"],
      [job.id, "cancel"],
    ]);
    expect(await client.bulk.reschedule({ filters, schedule_for: new Date(1e12) })).toMatchObject({
      action: "reschedule",
    });
  });

  it("shows failures by their kind, and marks them", async () => {
    const { client, ports } = given();
    for (const kind of ["a", "a", "b"]) await ports.failures.count(aCountedFailure(kind));
    const groups = await Array.fromAsync(client.failures.list());
    expect(groups.map(({ fingerprint, count }) => [fingerprint[0], count]).sort()).toEqual([
      ["a", 2],
      ["b", 1],
    ]);
    const [{ fingerprint } = expect.unreachable()] = groups;
    expect(await client.failures.resolve(fingerprint)).toMatchObject({ state: "resolved" });
    expect((await client.failures.page({ first: 1 }, { states: ["open"] })).data).toHaveLength(1);
    expect(await client.failures.ignore(fingerprint)).toMatchObject({ state: "ignored" });
    expect(await client.failures.reopen(fingerprint)).toMatchObject({ state: "open" });
  });

  it("pauses and resumes functions", async () => {
    const { functions } = given().client;
    expect(await functions.pause("importContacts")).toMatchObject({ name: "importContacts", paused: true });
    expect(await functions.resume("importContacts")).toMatchObject({ paused: false });
  });

  it("reads arguments and results, and says where there are none", async () => {
    const { client, ports } = given();
    const { id } = await client.executions.enqueue({ function_name: "importContacts", function_arguments: [1, null] });
    expect(await client.executions.arguments(id)).toEqual([1, null]);
    expect(await client.executions.result(id)).toBeUndefined();
    await client.executions.cancel(id);
    expect(await client.executions.result(id)).toBeUndefined();
    expect(ports.executions.records.get(id)).toMatchObject({ state: "cancelled" });
  });

  it.each([
    ["current", 404, "not_found"],
    ["wrong", 401, "unauthorized"],
  ] as const)("throws what the API refuses: token %s", async (token, status, code) => {
    const refused = given(token).client.executions.get("../nope?");
    await expect(refused).rejects.toThrow(EpoqueError);
    await expect(refused).rejects.toMatchObject({ status, code, requestId: "request-1" });
  });

  it("says which setting is missing", () => {
    expect(() => createClient({ endpoint: "", token: "t" })).toThrow(/DEFER_ENDPOINT/);
    expect(() => createClient({ endpoint, token: "" })).toThrow(/DEFER_TOKEN/);
  });

  it("makes, lists and revokes tokens", async () => {
    const { client } = given();
    const { token, ...made } = await client.tokens.create({
      name: "ci",
      scopes: ["read"],
      expires_at: new Date(60_000),
    });
    expect(token).toMatch(/^ep1[.]ci[.]/);
    expect(await client.tokens.list()).toEqual([made]);
    await client.tokens.delete("ci");
    expect(await client.tokens.list()).toEqual([]);
  });
});
