import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Client, Execution, NewExecution, State } from "../../client/client.ts";

/** An execution that was acknowledged, and what must become of it. */
export interface Promised {
  id: string;
  of: string;
  state: State;
  result?: unknown;
  attempts?: number;
}

/** Executions that one version leaves to the next: to be cancelled, to be put forward, and without a message. */
export interface Handed {
  cancel: string;
  reschedule: string;
  lost: string;
}

/** More than a record holds. */
const LARGE = "x".repeat(20_000);
const MINUTE_MS = 60_000;

/** Enqueues one of each kind: some end at once, some while the next version is deployed, some wait for it. */
export async function enqueueWave(
  { executions, schedules }: Client,
  version: string,
  files: string,
  nowMs: number,
): Promise<{ promised: Promised[]; handed: Handed }> {
  const promised: Promised[] = [];
  const put = async (body: NewExecution) => (await executions.enqueue(body)).id;
  const promise = async (of: string, body: NewExecution, more: Omit<Promised, "id" | "of">) =>
    void promised.push({ id: await put(body), of: `${of} of ${version}`, ...more });
  const inMs = (ms: number) => new Date(nowMs + ms);
  const echo = (value: unknown, more: Partial<NewExecution> = {}) =>
    promise(
      "echo",
      { function_name: "echo", function_arguments: [value], ...more },
      { state: "succeed", result: value },
    );

  for (let index = 0; index < 5; index++) await echo(index, { metadata: { version, index: String(index) } });
  await echo(LARGE);
  await echo("soon", { schedule_for: inMs(8_000) });
  await echo("keyed", { idempotency_key: randomUUID() });
  const [batched] = await executions.batch([{ function_name: "echo", function_arguments: ["batched"] }]);
  assert.ok(batched !== undefined && "execution" in batched);
  promised.push({ id: batched.execution.id, of: `item of a batch of ${version}`, state: "succeed", result: "batched" });
  const flaky = [join(files, randomUUID()), 2];
  await promise(
    "flaky",
    { function_name: "flaky", function_arguments: flaky },
    { state: "succeed", result: 2, attempts: 2 },
  );
  const never = [join(files, randomUUID()), 99];
  await promise("failing", { function_name: "flaky", function_arguments: never }, { state: "failed", attempts: 4 });
  await promise(
    "parent",
    { function_name: "parent", function_arguments: [version] },
    { state: "succeed", result: version },
  );
  for (let index = 0; index < 3; index++) {
    const body = { function_name: "perCustomer", function_arguments: [version], metadata: { customer: version } };
    await promise("one in a lane", body, { state: "succeed", result: version });
  }
  await schedules.put("every-ten-seconds", { function_name: "ticks", every_seconds: 10 });
  const later = { function_name: "echo", function_arguments: ["later"], schedule_for: inMs(30 * MINUTE_MS) };
  const handed = {
    cancel: await put(later),
    reschedule: await put(later),
    // Beyond the time of fresh executions, which an earlier version does not look for: decision 0058.
    lost: await put({ function_name: "lost", function_arguments: ["found"], schedule_for: inMs(5 * MINUTE_MS) }),
  };
  promised.push(
    { id: handed.cancel, of: `cancelled after ${version}`, state: "cancelled" },
    { id: handed.reschedule, of: `put forward after ${version}`, state: "succeed", result: "later" },
    { id: handed.lost, of: `without a message since ${version}`, state: "succeed", result: "found" },
  );
  // The last: it runs while the next version is deployed.
  await promise(
    "slow",
    { function_name: "slow", function_arguments: [version] },
    { state: "succeed", result: version },
  );
  return { promised, handed };
}

/** Compares executions that have ended with what was promised, by everything that the API tells of them. */
export async function checkPromises({ executions }: Client, promised: readonly Promised[]): Promise<void> {
  const broken: string[] = [];
  for (const { id, of, state, result, attempts = 1 } of promised) {
    const found = await executions.get(id);
    if (found.state !== state) broken.push(`${of}: ${found.state}, not ${state}`);
    const told = await executions.result(id);
    if (result !== undefined && told !== result)
      broken.push(`${of}: its result is ${JSON.stringify(told)?.slice(0, 80)}`);
    const count = (await Array.fromAsync(executions.attempts(id))).length;
    if (state !== "cancelled" && count !== attempts) broken.push(`${of}: ${count} attempts, not ${attempts}`);
    if (state === "succeed") await executions.logs(id);
  }
  assert.deepEqual(broken, []);
}

/**
 * Compares lists, which go by indexes, with the executions themselves.
 * @param unlisted states whose lists may lack what is newer than the API
 */
export async function checkLists(
  { executions }: Client,
  promised: readonly Promised[],
  unlisted: readonly State[],
): Promise<void> {
  const broken: string[] = [];
  const all = await Array.fromAsync(executions.list({}, { pageSize: 100 }));
  const ids = new Set(all.map(({ id }) => id));
  for (const { id, of } of promised) if (!ids.has(id)) broken.push(`${of} is in no list`);
  for (const [state, own] of Map.groupBy(all, (it) => it.state)) {
    if (unlisted.includes(state)) continue;
    const listed = new Set((await Array.fromAsync(executions.list({ states: [state] }, { pageSize: 100 }))).map(idOf));
    for (const { id, function_name } of own) {
      // Its state may have changed since.
      if (!listed.has(id) && (await executions.get(id)).state === state)
        broken.push(`an execution of ${function_name} is not in the list of ${state}`);
    }
  }
  assert.deepEqual(broken, []);
}

const idOf = ({ id }: Execution) => id;
