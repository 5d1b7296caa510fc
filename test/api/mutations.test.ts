import { describe, expect, it } from "vitest";
import { aCreated, anId, aStarted, inEveryState } from "../../harness/an-execution.ts";
import { signToken, tokenSeed } from "../../lambdas/core/execution-token.ts";
import type { ExecutionId } from "../../lambdas/core/ids.ts";
import { memoryApi } from "../support/api.ts";

const executions = "/public/v2/executions";
const unknown = "01939a3c-0000-7000-8000-000000000000";

function given(execution = aCreated() as Parameters<Map<string, ReturnType<typeof inEveryState>[number]>["set"]>[1]) {
  const api = memoryApi();
  api.ports.executions.records.set(anId, execution);
  const send = (method: string, path: string, body?: unknown) =>
    api.call({ method, path: `${executions}/${path}`, ...(body !== undefined && { body: JSON.stringify(body) }) });
  return { ...api, send };
}

describe("a reschedule", () => {
  it("moves what waits, and sends a message of its own", async () => {
    const { send, ports } = given();
    const response = await send("PATCH", `${anId}/schedule`, { schedule_for: "1970-01-01T01:00:30+01:00" });
    expect(response.json()["data"]).toMatchObject({ state: "created", scheduled_at: "1970-01-01T00:00:30.000Z" });
    expect(ports.dispatcher.sent).toMatchObject([{ delaySeconds: 20, message: { executionId: anId, revision: 1 } }]);
  });

  it.each([undefined, {}])("to nothing (%j) means now", async (body) => {
    const { send, ports } = given(aCreated({ scheduledAtMs: 99_000 }));
    expect(await send("PATCH", `${anId}/schedule`, body)).toMatchObject({ statusCode: 200 });
    expect(ports.executions.records.get(anId)).toMatchObject({ scheduledAtMs: 10_000 });
  });

  it("of one whose function is not deployed is refused, and changes nothing", async () => {
    const { send, ports } = given(aCreated({ functionName: "gone" }));
    const response = await send("PATCH", `${anId}/schedule`, {});
    expect(response).toMatchObject({ statusCode: 400 });
    expect(response.json()["message"]).toMatch(/^cannot find function "gone" /);
    expect(ports.executions.records.get(anId)).toMatchObject({ revision: 0, functionName: "gone" });
  });

  it.each(inEveryState().filter(({ state }) => state !== "created"))(
    "of one that is $state is a conflict",
    async (execution) => {
      const { send, ports } = given(execution);
      const response = await send("PATCH", `${anId}/schedule`, {});
      expect(response.statusCode).toBe(409);
      expect(response.json()["message"]).toBe(`cannot reschedule execution in ${execution.state} state`);
      expect(ports.executions.records.get(anId)).toEqual(execution);
      expect(ports.dispatcher.sent).toEqual([]);
    },
  );

  it.each([
    [unknown, {}, 404],
    ["nope", {}, 404],
    [anId, { schedule_for: null }, 400],
    [anId, { scheduled_for: "2026-01-01T00:00:00Z" }, 400],
    [anId, { schedule_for: "9999-12-31T23:59:59-01:00" }, 400],
  ])("of %s to %j: %i", async (id, body, statusCode) => {
    expect(await given().send("PATCH", `${id}/schedule`, body)).toMatchObject({ statusCode });
  });
});

describe("a cancellation", () => {
  it.each([
    ["created", false, 200, "cancelled"],
    ["created", true, 200, "cancelled"],
    ["started", false, 409, "started"],
    ["started", true, 200, "aborting"],
    ["aborting", false, 202, "aborting"],
    ["aborting", true, 202, "aborting"],
    ["failed", true, 409, "failed"],
    ["cancelled", false, 409, "cancelled"],
  ])("of one that is %s, force %s: %i, then it is %s", async (state, force, statusCode, after) => {
    const execution = inEveryState().find((candidate) => candidate.state === state);
    const { send, ports } = given(execution);
    expect(await send("POST", `${anId}/cancellation`, { force })).toMatchObject({ statusCode });
    expect(ports.executions.records.get(anId)?.state).toBe(after);
  });

  it("says why not", async () => {
    const failed = inEveryState().find(({ state }) => state === "failed");
    const response = await given(failed).send("POST", `${anId}/cancellation`);
    expect(response.json()).toEqual({ error: "conflict", message: "cannot cancel execution in failed state" });
    expect((await given().send("POST", `${anId}/cancellation`, { force: "yes" })).json()["message"]).toBe(
      "force: must be true or false",
    );
    expect(await given().send("POST", `${unknown}/cancellation`)).toMatchObject({ statusCode: 404 });
  });
});

describe("a re-run", () => {
  it.each(inEveryState())("of one that is $state is a new execution of the same, due now", async (execution) => {
    const { send, ports } = given({ ...execution, metadata: { user: "1" }, discardAfterMs: 5, executedBy: anId });
    const response = await send("POST", `${anId}/reruns`, {});
    expect(response.statusCode).toBe(200);
    const data = response.json()["data"] as Record<string, unknown>;
    expect(data).toMatchObject({ state: "created", attempt: 1, rerun_of: anId, metadata: { user: "1" } });
    expect(data).not.toHaveProperty("executed_by");
    expect(data).not.toHaveProperty("discard_after");
    expect(data["scheduled_at"]).toBe("1970-01-01T00:00:10.000Z");
    expect(ports.executions.records.get(anId)?.state).toBe(execution.state);
    expect(ports.dispatcher.sent).toMatchObject([{ message: { executionId: data["id"] } }]);
  });

  it.each([
    [{ arguments: [2] }, "[2]", { user: "1" }],
    [{ metadata: { user: "2" } }, "[1]", { user: "2" }],
    [{ arguments: [], metadata: {} }, "[]", {}],
  ])("with other input has that: %j", async (body, text, metadata) => {
    const { send, ports } = given(aStarted({ arguments: { inline: "[1]" }, metadata: { user: "1" } }));
    const { id } = (await send("POST", `${anId}/reruns`, body)).json()["data"] as { id: ExecutionId };
    expect(ports.executions.records.get(id)).toMatchObject({ arguments: { inline: text }, rerunOf: anId });
    expect(ports.executions.records.get(id)?.metadata).toEqual(metadata);
  });

  it.each([
    [{ arguments: {} }, /^arguments: must be an array$/],
    [{ metadata: { "a\n": "1" } }, /^metadata\./],
    [{ function_name: "other" }, /^unknown field function_name$/],
  ])("with bad input is refused: %j", async (body, message) => {
    const { send, ports } = given(aStarted());
    const response = await send("POST", `${anId}/reruns`, body);
    expect(response.statusCode).toBe(400);
    expect(response.json()["message"]).toMatch(message);
    expect(ports.executions.records.size).toBe(1);
  });

  it("by a running execution makes a child of it", async () => {
    const { call } = given(aStarted());
    const token = signToken(tokenSeed("key", anId, 999_999), { executionId: anId, attempt: 1, expiresAtMs: 99_999 });
    const response = await call({
      method: "POST",
      path: `${executions}/${anId}/reruns`,
      headers: { authorization: `Bearer ${token}` },
    });
    expect(response.json()["data"]).toMatchObject({ executed_by: anId, rerun_of: anId });
  });

  it("of nothing is a 404, of a function that is gone a 400", async () => {
    expect(await given().send("POST", `${unknown}/reruns`)).toMatchObject({ statusCode: 404 });
    const gone = await given(aCreated({ functionName: "gone" })).send("POST", `${anId}/reruns`);
    expect(gone.json()["message"]).toMatch(/^cannot find function "gone" /);
  });
});

describe("an execution token", () => {
  const token = signToken(tokenSeed("key", anId, 999_999), { executionId: anId, attempt: 1, expiresAtMs: 99_999 });
  const use = (execution: Parameters<typeof given>[0], presented = token) =>
    given(execution).call({
      method: "GET",
      path: `${executions}/${anId}`,
      headers: { authorization: `Bearer ${presented}` },
    });

  it("is good while its attempt runs, and not a moment longer", async () => {
    for (const execution of inEveryState()) {
      const isRunning = execution.state === "started" || execution.state === "aborting";
      expect(await use(execution)).toMatchObject({ statusCode: isRunning ? 200 : 401 });
    }
    expect(await use(aStarted({ attempt: 2 }))).toMatchObject({ statusCode: 401 });
  });

  it("that was altered in any character is refused", async () => {
    for (let index = 0; index < token.length; index++) {
      const altered = `${token.slice(0, index)}${token[index] === "1" ? "2" : "1"}${token.slice(index + 1)}`;
      // The last character of base64 carries bits that are not part of the signature.
      if (altered !== token) expect((await use(aStarted(), altered)).statusCode, altered).toBe(401);
    }
  });
});

describe("Idempotency-Key", () => {
  const put = (api: ReturnType<typeof memoryApi>, key: string, body: unknown) =>
    api.call({
      method: "PUT",
      path: executions,
      headers: { authorization: "Bearer current", "idempotency-key": key },
      body: JSON.stringify(body),
    });
  const body = { function_name: "importContacts", function_arguments: [1] };

  it("gives the same execution to the same request, and 409 to another", async () => {
    const api = memoryApi();
    const first = await put(api, "k", body);
    expect(await put(api, "k", { function_arguments: [1], function_name: "importContacts" })).toMatchObject({
      statusCode: 201,
      body: first.body,
    });
    expect(await put(api, "k", { ...body, function_arguments: [2] })).toMatchObject({ statusCode: 409 });
    expect((await put(api, "k2", body)).body).not.toBe(first.body);
  });

  it.each(["", "x".repeat(257), "é", "a\tb"])("%j is refused", async (key) => {
    const response = await put(memoryApi(), key, body);
    expect(response.statusCode).toBe(400);
    expect(response.json()["message"]).toMatch(/^Idempotency-Key: must /);
  });
});
