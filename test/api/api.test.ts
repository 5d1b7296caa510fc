import { describe, expect, it, vi } from "vitest";
import { aCreated, anAttempt, anId, aStarted, inEveryState } from "../../harness/an-execution.ts";
import { memoryPorts } from "../../harness/memory/memory-ports.ts";
import { signToken, tokenSeed } from "../../lambdas/core/execution-token.ts";
import { functionId } from "../../lambdas/core/ids.ts";
import { memoryApi } from "../support/api.ts";

const executions = "/public/v2/executions";

describe("who may call", () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

  it.each([
    ["the current token", "Bearer current"],
    ["the previous token, so that a rotation drops nobody", "Bearer previous"],
    ["the client's way: Basic with an empty user name", basic(":current")],
    ["a scheme in small letters", "bearer current"],
  ])("%s", async (_, authorization) => {
    const { statusCode } = await memoryApi().call({
      method: "GET",
      path: `${executions}/${anId}`,
      headers: { authorization },
    });
    expect(statusCode).toBe(404);
  });

  it.each([
    ["nobody", undefined],
    ["a wrong token", "Bearer nope"],
    ["an empty token", "Bearer "],
    ["a user name", basic("user:current")],
    ["Basic without a colon", basic("current")],
    ["another scheme", "Digest current"],
    [
      "an expired execution token",
      `Bearer ${signToken(tokenSeed("key", anId, 999_999), { executionId: anId, attempt: 1, expiresAtMs: 9_999 })}`,
    ],
    ["a forged execution token", `Bearer ${signToken("seed", { executionId: anId, attempt: 1, expiresAtMs: 99_999 })}`],
  ])("not %s", async (_, authorization) => {
    for (const path of [executions, "/nothing/here"]) {
      const response = await memoryApi().call({ method: "PUT", path, headers: authorization ? { authorization } : {} });
      expect(response).toMatchObject({ statusCode: 401, headers: { "www-authenticate": "Bearer" } });
      expect(response.json()).toEqual({
        error: "unauthorized",
        message: "send a valid token: Authorization: Bearer <token>",
      });
    }
  });

  it.each(["/health", "/openapi.json"])("is anybody who asks for %s", async (path) => {
    const response = await memoryApi().call({ method: "GET", path, headers: {} });
    expect(response).toMatchObject({ statusCode: 200, headers: { "x-request-id": "request-1" } });
  });
});

describe("an enqueue", () => {
  const put = (body: unknown, api = memoryApi()) =>
    api.call({ method: "PUT", path: executions, body: JSON.stringify(body) });

  it("that is debounced is answered 201 first, and 200 with the same id when it is moved", async () => {
    const api = memoryApi();
    const body = { function_name: "importContacts", debounce: { key: "a", delaySeconds: 30, maxDelaySeconds: 30 } };
    const [first, second] = [await put(body, api), await put({ ...body, function_arguments: [2] }, api)];
    expect([first.statusCode, second.statusCode]).toEqual([201, 200]);
    expect((second.json()["data"] as { id: string }).id).toBe((first.json()["data"] as { id: string }).id);
    const keyed = await api.call({
      method: "PUT",
      path: executions,
      headers: { authorization: "Bearer current", "content-type": "application/json", "idempotency-key": "k" },
      body: JSON.stringify(body),
    });
    expect([keyed.statusCode, keyed.json()["message"]]).toEqual([400, "debounce: goes without an Idempotency-Key"]);
  });

  it.each([
    [{}, "debounce.key"],
    [{ key: "", delaySeconds: 1 }, "debounce.key: a key must not be empty"],
    [{ key: "a", delaySeconds: 0 }, "debounce.delaySeconds: must be 1 or more"],
    [{ key: "a", delaySeconds: 1.5 }, "debounce.delaySeconds: must be a whole number"],
    [{ key: "a", delaySeconds: 9, maxDelaySeconds: 8 }, "debounce.maxDelaySeconds: must not be less than delaySeconds"],
    [{ key: "a", delaySeconds: 1, max: 1 }, "debounce: unknown field max"],
    [[], "debounce: debounce must be a JSON object"],
  ])("refuses to be debounced by %j", async (debounce, message) => {
    const answer = await put({ function_name: "importContacts", debounce });
    expect([answer.statusCode, answer.json()["message"]]).toEqual([400, expect.stringContaining(message)]);
  });

  it("takes any offset and any year of four digits, and keeps the time by UTC", async () => {
    const at = async (schedule_for: string) => put({ function_name: "importContacts", schedule_for });
    const scheduled = async (text: string) =>
      ((await at(text)).json()["data"] as Record<string, unknown>)["scheduled_at"];
    expect(await scheduled("2026-11-23T10:00:00+01:00")).toBe("2026-11-23T09:00:00.000Z");
    expect(await scheduled("9999-12-31T23:59:59.999Z")).toBe("9999-12-31T23:59:59.999Z");
    expect(await scheduled("0001-01-01T00:00:00Z")).toBe("0001-01-01T00:00:00.000Z");
    const beyond = await at("9999-12-31T23:59:59-01:00");
    expect(beyond.statusCode).toBe(400);
    expect(beyond.json()["message"]).toBe("schedule_for: must be before the year 10000");
  });

  it("answers 201 with the stored execution", async () => {
    const api = memoryApi();
    const response = await put(
      { function_name: "importContacts", metadata: { user: "1" }, discard_after: "1970-01-01T01:00:00+01:00" },
      api,
    );
    expect(response).toMatchObject({ statusCode: 201, headers: { "x-request-id": "request-1" } });
    expect(response.json()).toEqual({
      data: {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        state: "created",
        function_name: "importContacts",
        function_id: functionId("importContacts"),
        scheduled_at: "1970-01-01T00:00:10.000Z",
        created_at: "1970-01-01T00:00:10.000Z",
        updated_at: "1970-01-01T00:00:10.000Z",
        discard_after: "1970-01-01T00:00:00.000Z",
        attempt: 1,
        created_by: "admin",
        version: 0,
        compute: "lambda",
        metadata: { user: "1" },
      },
    });
  });

  it("by a running execution makes a child of it", async () => {
    const api = memoryApi();
    api.ports.executions.records.set(anId, aStarted());
    const token = signToken(tokenSeed("key", anId, 999_999), { executionId: anId, attempt: 1, expiresAtMs: 99_999 });
    const response = await api.call({
      method: "PUT",
      path: executions,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ function_name: "importContacts" }),
    });
    expect(response.json()["data"]).toMatchObject({ executed_by: anId });
  });

  const valid = { function_name: "importContacts" };
  it.each([
    ["no function", {}, "function_name: must be the name of a function"],
    [
      "an unknown function",
      { function_name: "nope" },
      'cannot find function "nope" (deployed: followed, fourASecond, importContacts, oneByOne, perCustomer, twoAtMost)',
    ],
    ["a name that is no text", { function_name: 1 }, "function_name: must be the name of a function"],
    ["arguments that are no array", { ...valid, function_arguments: {} }, "function_arguments: must be an array"],
    [
      "a date that does not exist",
      { ...valid, schedule_for: "2026-02-30T00:00:00Z" },
      /^schedule_for: must be an existing date/,
    ],
    [
      "a date without a zone",
      { ...valid, schedule_for: "2026-02-20T00:00:00" },
      /^schedule_for: must be an existing date/,
    ],
    ["a number for a date", { ...valid, discard_after: 5 }, /^discard_after: must be a date/],
    ["metadata that is no object", { ...valid, metadata: ["a"] }, "metadata: must be an object of texts"],
    ["a metadata value that is no text", { ...valid, metadata: { user: 1 } }, "metadata.user: a value must be text"],
    ["an empty metadata value", { ...valid, metadata: { user: "" } }, "metadata.user: a value must not be empty"],
    ["an empty metadata key", { ...valid, metadata: { "": "1" } }, "metadata.: a key must not be empty"],
    ["a metadata key with a newline", { ...valid, metadata: { "a\nb": "1" } }, /a key must be printable ASCII$/],
    ["a metadata key with a NUL", { ...valid, metadata: { "a\0": "1" } }, /a key must be printable ASCII$/],
    [
      "a metadata value with a lone surrogate",
      { ...valid, metadata: { a: "\ud800" } },
      "metadata.a: a value must be printable ASCII",
    ],
    ["a metadata key that is too long", { ...valid, metadata: { ["k".repeat(257)]: "1" } }, /256 characters at most$/],
    [
      "too much metadata",
      { ...valid, metadata: Object.fromEntries(Array.from({ length: 26 }, (_, n) => [`k${n}`, "v"])) },
      "metadata: must have 25 pairs at most",
    ],
    ["no object", ["importContacts"], "the body must be a JSON object"],
  ])("with %s is a 400 that names the field, and writes nothing", async (_, body, message) => {
    const api = memoryApi();
    const response = await put(body, api);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toEqual({
      error: "bad_request",
      message: typeof message === "string" ? message : expect.stringMatching(message),
    });
    expect(api.ports.executions.records.size).toBe(0);
  });

  it("with __proto__ as a metadata key is a 400", async () => {
    const body = '{"function_name":"importContacts","metadata":{"__proto__":"x"}}';
    const response = await memoryApi().call({ method: "PUT", path: executions, body });
    expect(response.json()["message"]).toBe("metadata: a key must not be __proto__");
  });

  it.each([
    ["malformed JSON", { body: "{" }, 400],
    ["no body", {}, 400],
    [
      "bytes that are not UTF-8",
      { body: Buffer.from([0x22, 0xff, 0x22]).toString("base64"), isBase64Encoded: true },
      400,
    ],
    [
      "another media type",
      {
        body: "a=b",
        headers: { authorization: "Bearer current", "content-type": "application/x-www-form-urlencoded" },
      },
      415,
    ],
  ])("with %s is refused", async (_, call, statusCode) => {
    expect(await memoryApi().call({ method: "PUT", path: executions, ...call })).toMatchObject({ statusCode });
  });

  it("takes arguments that arrive base64-encoded", async () => {
    const body = Buffer.from(JSON.stringify({ function_name: "importContacts", function_arguments: ["é"] })).toString(
      "base64",
    );
    const api = memoryApi();
    const response = await api.call({ method: "PUT", path: executions, body, isBase64Encoded: true });
    expect(response.statusCode).toBe(201);
    expect([...api.ports.executions.records.values()][0]?.arguments).toEqual({ inline: '["é"]' });
  });
});

describe("a look at an execution", () => {
  const get = (path: string, api = memoryApi()) => api.call({ method: "GET", path: `${executions}/${path}` });
  const unknown = "01939a3c-0000-7000-8000-00000000ffff";

  it.each(["", "/results", "/arguments", "/logs"])(
    "%s: 404 for a malformed id and for an unknown one",
    async (path) => {
      expect(await get(`nope${path}`)).toMatchObject({ statusCode: 404 });
      expect(await get(`${unknown}${path}`)).toMatchObject({ statusCode: 404 });
      expect((await get(`${unknown}${path}`)).json()).toEqual({
        error: "not_found",
        message: `cannot find execution "${unknown}"`,
      });
    },
  );

  it.each([
    ["created", 202],
    ["started", 202],
    ["succeed", 200],
    ["failed", 200],
    ["aborting", 202],
    ["cancelled", 204],
    ["aborted", 204],
    ["discarded", 204],
  ])("has results when it is %s: %i", async (state, statusCode) => {
    const api = memoryApi();
    for (const execution of inEveryState().filter((candidate) => candidate.state === state)) {
      api.ports.executions.records.set(anId, execution);
      await api.ports.attempts.record(anAttempt());
      expect(await get(`${anId}/results`, api)).toMatchObject({ statusCode });
    }
  });

  it("redirects to a payload that is kept as an object", async () => {
    const api = memoryApi();
    api.ports.executions.records.set(anId, aCreated({ arguments: { bytes: 9 } }));
    expect(await get(`${anId}/arguments`, api)).toMatchObject({ statusCode: 404 });
    api.ports.payloads.objects.set(`arguments/importContacts/${anId}.json`, "[1234567]");
    expect(await get(`${anId}/arguments`, api)).toMatchObject({
      statusCode: 307,
      headers: { location: `https://payloads.test/arguments/importContacts/${anId}.json` },
    });
  });

  it("answers it in place where a page asks for that, unless it is too large for the gateway", async () => {
    const api = memoryApi();
    api.ports.payloads.objects.set(`arguments/importContacts/${anId}.json`, '["\\"\\n"]');
    api.ports.executions.records.set(anId, aCreated({ arguments: { bytes: 8 } }));
    const answer = await get(`${anId}/arguments?inline=true`, api);
    expect([answer.statusCode, answer.json()]).toEqual([200, ['"\n']]);
    api.ports.executions.records.set(anId, aCreated({ arguments: { bytes: 5_000_000 } }));
    expect(await get(`${anId}/arguments?inline=true`, api)).toMatchObject({ statusCode: 307 });
    expect(await get(`${anId}/arguments?inline=perhaps`, api)).toMatchObject({ statusCode: 400 });
  });

  it("has logs once an attempt has begun, empty until it has ended", async () => {
    const api = memoryApi();
    api.ports.executions.records.set(anId, aCreated());
    expect(await get(`${anId}/logs`, api)).toMatchObject({ statusCode: 404 });
    api.ports.executions.records.set(anId, aStarted());
    expect(await get(`${anId}/logs`, api)).toMatchObject({
      statusCode: 200,
      body: "",
      headers: { "content-type": "application/x-ndjson" },
    });
  });
});

describe("what fits no route", () => {
  it.each([
    ["GET", "/nothing/here", 404],
    ["DELETE", executions, 405],
    ["DELETE", `${executions}/${anId}`, 405],
    ["GET", `${executions}/`, 404],
  ])("%s %s is a %i", async (method, path, statusCode) => {
    expect(await memoryApi().call({ method, path })).toMatchObject({ statusCode });
  });

  it.each([
    [executions, "PUT, POST, GET"],
    [`${executions}/${anId}`, "GET"],
    [`${executions}/${anId}/attempts`, "POST, GET"],
    ["/health", "GET"],
    // A literal path is no id, and no file of the console.
    [`${executions}/batch`, "POST"],
    ["/console/session", "GET, POST"],
  ])("with a wrong method is told the right ones: %s", async (path, allow) => {
    expect(await memoryApi().call({ method: "DELETE", path })).toMatchObject({ statusCode: 405, headers: { allow } });
  });

  it.each([`${executions}/batch`, "/console/codes"])("is GET %s: only POST is there", async (path) => {
    const answer = await memoryApi().call({ method: "GET", path });
    expect(answer).toMatchObject({ statusCode: 405, headers: { allow: "POST" } });
  });
});

describe("an error nobody expected", () => {
  it("tells the caller nothing but the request's id, and the log what happened", async () => {
    const log = vi.fn();
    const api = memoryApi({ ...memoryPorts(), log });
    api.ports.executions.get = async () => {
      throw new Error("table arn:aws:dynamodb is on fire");
    };
    const response = await api.call({ method: "GET", path: `${executions}/${anId}` });
    expect(response.statusCode).toBe(500);
    expect(response.json()).toEqual({
      error: "internal",
      message: "something went wrong on our side; ask about request request-1",
    });
    expect(log).toHaveBeenCalledWith(
      expect.objectContaining({
        status: 500,
        error: expect.objectContaining({ message: expect.stringContaining("on fire") }),
      }),
      expect.anything(),
    );
  });
});
