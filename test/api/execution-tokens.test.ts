import { describe, expect, it } from "vitest";
import { aCreated, anAttempt, anId, aStarted } from "../../harness/an-execution.ts";
import { memoryPorts } from "../../harness/memory/memory-ports.ts";
import { routes } from "../../lambdas/api/routes.ts";
import { signToken, tokenSeed } from "../../lambdas/core/execution-token.ts";
import type { ExecutionId } from "../../lambdas/core/ids.ts";
import { memoryApi } from "../support/api.ts";

const executions = "/public/v2/executions";
const idOf = (end: string) => `01939a3c-0000-7000-8000-00000000${end}` as ExecutionId;
const [root, sibling, child, foreign] = ["0001", "0002", "0003", "0004"].map(idOf) as [
  ExecutionId,
  ExecutionId,
  ExecutionId,
  ExecutionId,
];

/** `anId` calls; it was begun by `root`, as `sibling` was, and began `child`. `foreign` is nothing of theirs. */
async function given(executionTokens: "tree" | "full" = "tree") {
  const api = memoryApi({ ...memoryPorts(), executionTokens });
  const put = (execution: ReturnType<typeof aCreated> | ReturnType<typeof aStarted>) =>
    api.ports.executions.records.set(execution.id, execution);
  put(aStarted({ id: root }));
  put(aStarted({ executedBy: root, root }));
  put(aCreated({ id: sibling, executedBy: root, root }));
  put(aCreated({ id: child, executedBy: anId, root }));
  put(aCreated({ id: foreign }));
  for (const executionId of [root, anId, sibling, child, foreign])
    await api.ports.attempts.record(anAttempt({ executionId }));
  const token = signToken(tokenSeed("key", anId, 9_999_999_999_999, root), {
    executionId: anId,
    attempt: 1,
    expiresAtMs: 99_999,
  });
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const send = (method: string, path: string, body?: unknown) =>
    api.call({ method, path, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  return { ...api, send };
}

const ofOne = routes.filter(({ path }) => path.includes("executions/{id}"));

describe("an execution token", () => {
  it.each(ofOne.map(({ method, path }) => [method, path] as const))(
    "reaches its own tree and nothing else: %s %s",
    async (method, path) => {
      for (const id of [anId, root, sibling, child, `${child}.1`]) {
        const { statusCode } = await (await given()).send(method, path.replace("{id}", id));
        expect(statusCode, id).not.toBe(403);
      }
      for (const id of [foreign, `${foreign}.1`, foreign.toUpperCase()]) {
        const { send, ports } = await given();
        const before = structuredClone(ports.executions.records);
        const response = await send(method, path.replace("{id}", id));
        expect(response.statusCode, id).toBe(403);
        expect(response.json()).toEqual({
          error: "forbidden",
          message: expect.stringContaining('executionTokens: "full"') as string,
        });
        expect(ports.executions.records).toEqual(before);
        expect(ports.dispatcher.sent).toEqual([]);
      }
    },
  );

  it.each(ofOne.map(({ method, path }) => [method, path] as const))(
    "reaches all where the deployment says so, and what does not exist is a 404: %s %s",
    async (method, path) => {
      const { send } = await given("full");
      expect((await send(method, path.replace("{id}", foreign))).statusCode).not.toBe(403);
      for (const id of ["nope", idOf("ffff")]) {
        expect((await (await given()).send(method, path.replace("{id}", id))).statusCode, id).toBe(404);
      }
    },
  );

  it.each([
    [{}, [child]],
    [{ states: ["created"] }, [child]],
    [{ states: ["started"] }, []],
    [{ executed_by: anId }, [child]],
    [{ executed_by: root }, []],
  ])("lists only its own children: %j", async (filters, ids) => {
    const { send } = await given();
    const query = new URLSearchParams(
      Object.entries(filters).flatMap(([name, value]) =>
        [value].flat().map((one) => [name, String(one)] as [string, string]),
      ),
    );
    for (const response of [await send("POST", executions, { filters }), await send("GET", `${executions}?${query}`)]) {
      expect((response.json()["data"] as { id: string }[]).map(({ id }) => id)).toEqual(ids);
    }
  });

  it("lists all where the deployment says so", async () => {
    const { send } = await given("full");
    expect((await send("POST", executions)).json()["data"]).toHaveLength(5);
  });

  it.each([
    ["PUT", executions, { function_name: "oneByOne" }],
    ["POST", "/public/v1/enqueue", { name: "oneByOne" }],
    ["POST", `${executions}/${sibling}/reruns`, {}],
  ])("makes executions of its own tree, of any function: %s %s", async (method, path, body) => {
    const { send, ports } = await given();
    const answer = (await send(method, path, body)).json() as { id?: ExecutionId; data?: { id: ExecutionId } };
    const id = answer.id ?? answer.data?.id ?? "";
    expect(ports.executions.records.get(id)).toMatchObject({ executedBy: anId, root });
    expect(await send("POST", `${executions}/${id}/cancellation`)).toMatchObject({ statusCode: 200 });
  });

  it("reaches the tree that its seed names, also when its function writes another into the record", async () => {
    const { ports, send } = await given();
    ports.executions.records.set(anId, aStarted({ executedBy: foreign, root: foreign }));
    expect(await send("GET", `${executions}/${foreign}/arguments`)).toMatchObject({ statusCode: 403 });
    const { data } = (await send("PUT", executions, { function_name: "oneByOne" })).json() as { data: { id: string } };
    expect(ports.executions.records.get(data.id)).toMatchObject({ executedBy: anId, root });
  });

  it("does not learn of another's execution by its idempotency key", async () => {
    const { call, send } = await given();
    const body = { function_name: "oneByOne" };
    const keyed = { authorization: "Bearer current", "content-type": "application/json", "idempotency-key": "k" };
    await call({ method: "PUT", path: executions, headers: keyed, body: JSON.stringify(body) });
    const token = signToken(tokenSeed("key", anId, 9_999_999_999_999, root), {
      executionId: anId,
      attempt: 1,
      expiresAtMs: 99_999,
    });
    const headers = { ...keyed, authorization: `Bearer ${token}` };
    expect(await call({ method: "PUT", path: executions, headers, body: JSON.stringify(body) })).toMatchObject({
      statusCode: 409,
    });
    expect(await send("PUT", executions, body)).toMatchObject({ statusCode: 201 });
  });
});
