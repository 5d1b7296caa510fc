import { beforeEach, describe, expect, it } from "vitest";
import { aCreated, aNewId, anAttempt, anId, aStarted } from "../../harness/an-execution.ts";
import { routes } from "../../lambdas/api/routes.ts";
import { scopes } from "../../lambdas/core/api-token.ts";
import { signToken, tokenSeed } from "../../lambdas/core/execution-token.ts";
import { type ExecutionId, functionId } from "../../lambdas/core/ids.ts";
import { memoryApi } from "../support/api.ts";

const v2 = "/public/v2";
const DAY_MS = 86_400_000;

let api: ReturnType<typeof memoryApi>;
let lines: { by?: string | undefined; status?: number }[];
beforeEach(() => {
  lines = [];
  const { ports } = memoryApi();
  api = memoryApi({ ...ports, log: (entry) => lines.push(entry) });
});

const send = async (token: string, method: string, path: string, body?: unknown) =>
  api.call({
    method,
    path,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const create = (body: object) => send("current", "POST", `${v2}/tokens`, body);
/** Makes a token, and returns what its holder shows. */
const aToken = async (body: object) =>
  ((await create({ name: "ci", ...body })).json()["data"] as { token: string }).token;
const rejected = { error: "forbidden" };

describe("a named token", () => {
  it("is in the answer to its creation alone, and only its hash is kept", async () => {
    const expires_at = new Date(DAY_MS).toISOString();
    const asked = { name: "ci", scopes: ["read", "enqueue"], functions: ["importContacts"], expires_at };
    const response = await create(asked);
    const { token, ...shown } = response.json()["data"] as { token: string };
    expect(response.statusCode).toBe(201);
    expect(shown).toEqual({ ...asked, created_at: "1970-01-01T00:00:10.000Z", created_by: "admin" });
    const listed = await send("current", "GET", `${v2}/tokens`);
    expect(listed.json()).toEqual({ data: [shown] });
    const secret = token.split(".")[2] ?? "";
    expect(JSON.stringify([...api.ports.namedTokens.tokens])).not.toContain(secret);
    expect(JSON.stringify(lines)).not.toContain(secret);
  });

  it("is good until it is revoked", async () => {
    const token = await aToken({ scopes: ["read"] });
    expect(await send(token, "GET", `${v2}/executions`)).toMatchObject({ statusCode: 200 });
    expect(await send("current", "DELETE", `${v2}/tokens/ci`)).toMatchObject({ statusCode: 204 });
    expect(await send(token, "GET", `${v2}/executions`)).toMatchObject({ statusCode: 401 });
    expect(await send("current", "DELETE", `${v2}/tokens/ci`)).toMatchObject({ statusCode: 404 });
    expect(await aToken({ scopes: ["read"] })).not.toBe(token);
  });

  it("is good until it expires", async () => {
    const token = await aToken({ scopes: ["read"], expires_at: new Date(20_000).toISOString() });
    api.ports.clock.advance(9_999);
    expect(await send(token, "GET", `${v2}/executions`)).toMatchObject({ statusCode: 200 });
    api.ports.clock.advance(1);
    expect(await send(token, "GET", `${v2}/executions`)).toMatchObject({ statusCode: 401 });
    expect((await send("current", "GET", `${v2}/tokens`)).json()).toEqual({ data: [] });
    expect(await create({ name: "ci", scopes: ["read"] })).toMatchObject({ statusCode: 201 });
  });

  it("with another secret is wrong, and so is another's name", async () => {
    const token = await aToken({ scopes: ["read"] });
    const other = await aToken({ name: "other", scopes: ["read"] });
    for (const wrong of [`${token.slice(0, -2)}AA`, other.replace("other", "ci"), token.replace("ci", "none")]) {
      expect(await send(wrong, "GET", `${v2}/executions`), wrong).toMatchObject({ statusCode: 401 });
    }
  });

  it("has a name of its own", async () => {
    await create({ name: "ci", scopes: ["read"] });
    expect(await create({ name: "ci", scopes: ["admin"] })).toMatchObject({ statusCode: 409 });
  });

  it.each<[object, string]>([
    [{}, "name"],
    [{ name: "a.b" }, "name"],
    [{ name: "admin" }, "name"],
    [{ name: "execution:1" }, "name"],
    [{ name: "x".repeat(65) }, "name"],
    [{ scopes: [] }, "scopes"],
    [{ scopes: ["write"] }, "scopes"],
    [{ scopes: "read" }, "scopes"],
    [{ functions: [] }, "functions"],
    [{ functions: ["missing"] }, 'cannot find function "missing"'],
    [{ scopes: ["admin"], functions: ["importContacts"] }, "functions"],
    [{ expires_at: "1970-01-01T00:00:10Z" }, "expires_at"],
    [{ expires_at: "soon" }, "expires_at"],
    [{ hash: "x" }, "hash"],
  ])("is refused if %j is wrong", async (wrong, field) => {
    const response = await create({ ...(Object.keys(wrong).length > 0 && { name: "ci" }), scopes: ["read"], ...wrong });
    expect(response.statusCode).toBe(400);
    expect((response.json() as { message: string }).message).toContain(field);
    expect(api.ports.namedTokens.tokens.size).toBe(0);
  });
});

describe("the deployment's own token", () => {
  it("is admin, and no token is read for it", async () => {
    let reads = 0;
    api.ports.namedTokens.get = async () => {
      reads += 1;
      return undefined;
    };
    for (const own of ["current", "previous"]) {
      expect(await send(own, "GET", `${v2}/tokens`)).toMatchObject({ statusCode: 200 });
      expect(await send(own, "GET", `${v2}/executions/${anId}`)).toMatchObject({ statusCode: 404 });
    }
    expect(await send("neither", "GET", `${v2}/executions`)).toMatchObject({ statusCode: 401 });
    expect(reads).toBe(0);
  });
});

describe("an execution token", () => {
  it.each(["tree", "full"] as const)("makes no tokens, whatever else it reaches: %s", async (executionTokens) => {
    api = memoryApi({ ...api.ports, executionTokens });
    api.ports.executions.records.set(anId, aStarted());
    const seed = tokenSeed("key", anId, 9_999_999_999_999);
    const token = signToken(seed, { executionId: anId, attempt: 1, expiresAtMs: 99_999 });
    const response = await send(token, "POST", `${v2}/tokens`, { name: "ci", scopes: ["admin"] });
    expect(response.statusCode).toBe(403);
    expect(api.ports.namedTokens.tokens.size).toBe(0);
  });
});

const guarded = routes.filter(({ scope }) => scope !== "open");

describe("a scope", () => {
  it.each(guarded.map(({ method, path, scope }) => [method, path, scope] as const))(
    "is asked for, and named where it lacks: %s %s needs %s",
    async (method, path, scope) => {
      api.ports.executions.records.set(anId, aStarted());
      await api.ports.attempts.record(anAttempt());
      for (const own of scopes) {
        const token = await aToken({ name: `may-${own}`, scopes: [own] });
        const before = structuredClone(api.ports.executions.records);
        const response = await send(token, method, path.replace("{id}", anId).replace("{name}", "importContacts"));
        if (own === scope || own === "admin") {
          expect(response.statusCode, own).not.toBe(403);
          continue;
        }
        expect(response.statusCode, own).toBe(403);
        expect(response.json()).toEqual({
          error: "forbidden",
          message: `the token "may-${own}" may not do this: it lacks the scope "${scope}"`,
        });
        expect(api.ports.executions.records).toEqual(before);
      }
    },
  );
});

describe("a token for some functions", () => {
  const all = ["read", "enqueue", "control"];
  const [mine, foreign] = [aNewId(1, "importContacts"), aNewId(2, "oneByOne")];
  let token: string;
  beforeEach(async () => {
    token = await aToken({ scopes: all, functions: ["importContacts", "perCustomer"] });
    for (const [id, functionName] of [
      [mine, "importContacts"],
      [foreign, "oneByOne"],
    ] as [ExecutionId, string][]) {
      api.ports.executions.records.set(id, aCreated({ id, functionName, functionId: functionId(functionName) }));
    }
  });

  it("enqueues no other, alone, in a batch or by version 1", async () => {
    const refusal = { error: "forbidden", message: expect.stringContaining("importContacts, perCustomer") as string };
    const put = (function_name: string) => send(token, "PUT", `${v2}/executions`, { function_name });
    expect(await put("importContacts")).toMatchObject({ statusCode: 201 });
    expect((await put("oneByOne")).json()).toEqual(refusal);
    expect((await send(token, "POST", "/public/v1/enqueue", { name: "oneByOne" })).json()).toEqual(refusal);
    const executions = [{ function_name: "oneByOne" }, { function_name: "importContacts" }];
    const batch = (await send(token, "POST", `${v2}/executions/batch`, { executions })).json();
    expect(batch).toEqual({ data: [{ error: refusal }, { execution: expect.anything() as object }] });
  });

  it.each(
    routes.filter(({ path }) => path.includes("/executions/{id}")).map(({ method, path }) => [method, path] as const),
  )("reaches no execution of another: %s %s", async (method, path) => {
    expect((await send(token, method, path.replace("{id}", mine))).statusCode).not.toBe(403);
    for (const id of [foreign, `${foreign}.1`]) {
      expect((await send(token, method, path.replace("{id}", id))).json(), id).toMatchObject(rejected);
    }
  });

  it.each([
    [{}, [mine]],
    [{ function_ids: [functionId("oneByOne")] }, []],
    [{ function_ids: [functionId("oneByOne"), functionId("importContacts")] }, [mine]],
    [{ states: ["created"] }, [mine]],
  ])("lists no others: %j", async (filters, ids) => {
    const { data } = (await send(token, "POST", `${v2}/executions`, { filters })).json() as { data: { id: string }[] };
    expect(data.map(({ id }) => id)).toEqual(ids);
  });

  it("has bulk jobs of its own functions, and of no others", async () => {
    const post = (filters: object) => send(token, "POST", `${v2}/bulk`, { action: "cancel", filters, dry_run: true });
    const counted = async (filters: object) => ((await post(filters)).json()["data"] as { matched: number }).matched;
    const [own, other] = [functionId("importContacts"), functionId("oneByOne")];
    api.ports.clock.advance(DAY_MS);
    expect([await counted({}), await counted({ function_ids: [own] })]).toEqual([1, 1]);
    expect((await post({ function_ids: [own, other] })).json()).toMatchObject(rejected);
    const start = async (by: string, filters: object) =>
      ((await send(by, "POST", `${v2}/bulk`, { action: "cancel", filters })).json()["data"] as { id: string }).id;
    const mineToo = await start("current", { function_ids: [own] });
    const theirs = [await start("current", {}), await start("current", { function_ids: [other] })];
    const ownJob = await start(token, {});
    const { data } = (await send(token, "GET", `${v2}/bulk`)).json() as { data: { id: string }[] };
    expect(data.map(({ id }) => id).sort()).toEqual([mineToo, ownJob].sort());
    for (const [method, part] of [
      ["GET", ""],
      ["POST", "/cancellation"],
    ] as const) {
      expect(await send(token, method, `${v2}/bulk/${ownJob}${part}`)).toMatchObject({ statusCode: 200 });
      for (const id of theirs) {
        expect((await send(token, method, `${v2}/bulk/${id}${part}`)).json()).toMatchObject(rejected);
      }
    }
    expect([...api.ports.jobs.jobs.values()].filter(({ state }) => state === "stopped").map(({ id }) => id)).toEqual([
      ownJob,
    ]);
  });

  it("sees, pauses and resumes no others", async () => {
    const { data } = (await send(token, "GET", `${v2}/functions`)).json() as { data: { name: string }[] };
    expect(data.map(({ name }) => name)).toEqual(["importContacts", "perCustomer"]);
    expect(await send(token, "GET", `${v2}/functions/importContacts`)).toMatchObject({ statusCode: 200 });
    expect(await send(token, "GET", `${v2}/functions/oneByOne`)).toMatchObject({ statusCode: 403 });
    for (const verb of ["pause", "resume"]) {
      expect(await send(token, "POST", `${v2}/functions/importContacts/${verb}`)).toMatchObject({ statusCode: 200 });
      expect(await send(token, "POST", `${v2}/functions/oneByOne/${verb}`)).toMatchObject({ statusCode: 403 });
    }
  });

  it("reaches no schedules of others", async () => {
    const put = (by: string, name: string, function_name: string) =>
      send(by, "PUT", `${v2}/schedules/${name}`, { function_name, every_seconds: 60 });
    await put("current", "theirs", "oneByOne");
    expect(await put(token, "mine", "importContacts")).toMatchObject({ statusCode: 201 });
    expect(await put(token, "other", "oneByOne")).toMatchObject({ statusCode: 403 });
    expect(await put(token, "theirs", "importContacts")).toMatchObject({ statusCode: 403 });
    expect(await put(token, "mine", "oneByOne")).toMatchObject({ statusCode: 403 });
    for (const [method, part] of [
      ["GET", ""],
      ["GET", "/next"],
      ["POST", "/pause"],
      ["POST", "/runs"],
      ["DELETE", ""],
    ] as const) {
      expect(await send(token, method, `${v2}/schedules/theirs${part}`)).toMatchObject({ statusCode: 403 });
      expect((await send(token, method, `${v2}/schedules/mine${part}`)).statusCode).toBeLessThan(300);
    }
    await put("current", "mine", "importContacts");
    const list = async (query = "") =>
      ((await send(token, "GET", `${v2}/schedules${query}`)).json()["data"] as { name: string }[]).map(
        ({ name }) => name,
      );
    expect(await list()).toEqual(["mine"]);
    expect(await list(`?function_ids=${functionId("oneByOne")}`)).toEqual([]);
  });
});

describe("the name of a caller", () => {
  it("is on the schedules and pauses that it makes and changes", async () => {
    const token = await aToken({ scopes: ["control"] });
    const put = { function_name: "importContacts", every_seconds: 60 };
    const made = await send("current", "PUT", `${v2}/schedules/report`, put);
    expect(made.json()["data"]).toMatchObject({ created_by: "admin", updated_by: "admin" });
    const paused = await send(token, "POST", `${v2}/schedules/report/pause`);
    expect(paused.json()["data"]).toMatchObject({ created_by: "admin", updated_by: "ci" });
    const changed = await send("current", "PUT", `${v2}/schedules/report`, { ...put, every_seconds: 30 });
    expect(changed.json()["data"]).toMatchObject({ created_by: "admin", updated_by: "admin", paused: true });
    const by: (string | undefined)[] = [];
    api.ports.pauses.pause = async (_, name) => void by.push(name);
    await send(token, "POST", `${v2}/functions/importContacts/pause`);
    expect(by).toEqual(["ci"]);
  });

  it("is on what it makes and changes, and in the line of each request", async () => {
    const token = await aToken({ scopes: ["enqueue", "control"] });
    const { data } = (await send(token, "PUT", `${v2}/executions`, { function_name: "importContacts" })).json() as {
      data: { id: ExecutionId; created_by: string };
    };
    expect(data.created_by).toBe("ci");
    await send(token, "POST", `${v2}/executions/${data.id}/cancellation`);
    expect(api.ports.executions.records.get(data.id)?.changes).toEqual([{ atMs: 10_000, what: "cancelled", by: "ci" }]);
    await send(token, "GET", `${v2}/executions`);
    await send("wrong", "GET", `${v2}/executions`);
    await send("", "GET", "/health");
    expect(lines.map(({ by, status }) => [by, status])).toEqual([
      ["admin", 201],
      ["ci", 201],
      ["ci", 200],
      ["ci", 403],
      [undefined, 401],
      [undefined, 200],
    ]);
  });
});
