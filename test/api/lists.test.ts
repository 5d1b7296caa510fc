import { describe, expect, it } from "vitest";
import { aCreated, aNewId, anAttempt, anId, aStarted, inEveryState } from "../../harness/an-execution.ts";
import type { Execution } from "../../lambdas/core/execution.ts";
import { functionId } from "../../lambdas/core/ids.ts";
import { memoryApi } from "../support/api.ts";

const executions = "/public/v2/executions";

function given(...kept: Execution[]) {
  const api = memoryApi();
  for (const execution of kept) api.ports.executions.records.set(execution.id, execution);
  const post = (body: unknown, path = executions) => api.call({ method: "POST", path, body: JSON.stringify(body) });
  const get = (query: string, path = executions) => api.call({ method: "GET", path: path + query });
  return { ...api, post, get };
}

const five = () => [1, 2, 3, 4, 5].map((ms) => aCreated({ id: aNewId(ms), metadata: { n: String(ms), "a,b": "x y" } }));
const idsOf = (response: { json(): Record<string, unknown> }) =>
  (response.json()["data"] as { id: string }[]).map(({ id }) => id);
const info = (response: { json(): Record<string, unknown> }) => response.json()["page_info"] as Record<string, string>;

describe("a list", () => {
  it("is newest first, 50 at most unless asked for more", async () => {
    const many = Array.from({ length: 120 }, (_, ms) => aCreated({ id: aNewId(ms) }));
    const newest = many.map(({ id }) => id).reverse();
    const { post } = given(...many);
    expect(idsOf(await post({}))).toEqual(newest.slice(0, 50));
    expect(idsOf(await post({ page: { first: 100 } }))).toEqual(newest.slice(0, 100));
    expect(idsOf(await post({ page: { last: 3 } }))).toEqual(newest.slice(-3));
  });

  it("asked for more than 100 has pages of 100, and says that there are more", async () => {
    const many = Array.from({ length: 120 }, (_, ms) => aCreated({ id: aNewId(ms) }));
    const newest = many.map(({ id }) => id).reverse();
    const { post, get } = given(...many);
    const first = await post({ page: { first: 1_000 } });
    expect(idsOf(first)).toEqual(newest.slice(0, 100));
    expect(info(first)).toMatchObject({ has_next_page: true, has_prev_page: false });
    expect((await get(`?first=${"9".repeat(40)}`)).json()).toEqual(first.json());
    const second = await get(`?first=1000&after=${info(first)["end_cursor"]}`);
    expect(idsOf(second)).toEqual(newest.slice(100));
    expect(info(second)).toMatchObject({ has_next_page: false, has_prev_page: true });
    const last = await post({ page: { last: 1_000 } });
    expect(idsOf(last)).toEqual(newest.slice(-100));
    expect(info(last)).toMatchObject({ has_next_page: false, has_prev_page: true });
  });

  it("needs no body", async () => {
    const { call } = given(...five());
    expect(idsOf(await call({ method: "POST", path: executions }))).toHaveLength(5);
  });

  it("goes on after and before cursors", async () => {
    const all = five();
    const { post } = given(...all);
    const first = await post({ page: { first: 2 } });
    expect(info(first)).toMatchObject({ has_next_page: true, has_prev_page: false });
    const second = await post({ page: { first: 3, after: info(first)["end_cursor"] } });
    expect(info(second)).toMatchObject({ has_next_page: false, has_prev_page: true });
    expect([...idsOf(first), ...idsOf(second)]).toEqual(all.map(({ id }) => id).reverse());
    const back = await post({ page: { before: info(second)["start_cursor"] } });
    expect(back.json()).toEqual(first.json());
  });

  it("that is empty has no cursors", async () => {
    const { post } = given();
    expect((await post({})).json()).toEqual({ data: [], page_info: { has_next_page: false, has_prev_page: false } });
  });

  it("may be asked for by a query string", async () => {
    const all = five();
    const failed = { ...(inEveryState().find(({ state }) => state === "failed") as Execution), id: aNewId(9_000) };
    const { get } = given(...all, failed);
    expect(idsOf(await get("?first=2&states=created"))).toEqual([all[4]?.id, all[3]?.id]);
    expect(idsOf(await get("?states=failed&states=succeed"))).toEqual([failed.id]);
    expect(idsOf(await get("?metadata.n=2&metadata.n=4&metadata.a%2Cb=x+y"))).toEqual([all[3]?.id, all[1]?.id]);
    expect(idsOf(await get(`?function_ids=${functionId("other")}`))).toEqual([]);
    expect(idsOf(await get("?started_at.from=1970-01-01T00:00:10Z&started_at.to=1970-01-01T00:00:10Z"))).toEqual([
      failed.id,
    ]);
    expect(idsOf(await get("?scheduled_at.to=1970-01-01T00:00:09.999Z"))).toEqual([]);
  });

  it.each<[unknown, RegExp]>([
    [{ page: { first: 0 } }, /^page\.first: must be 1 or more$/],
    [{ page: { first: -1 } }, /^page\.first: /],
    [{ page: { first: 1.5 } }, /^page\.first: must be a whole number$/],
    [{ page: { first: "1" } }, /^page\.first: must be a whole number$/],
    [{ page: { first: 1, last: 1 } }, /^page: takes first and after, or last and before/],
    [{ page: { first: 1, before: "x" } }, /^page: takes/],
    [{ page: { after: "nope" } }, /^page\.after: must be a cursor/],
    [{ page: { before: anId } }, /^page\.before: must be a cursor/],
    [{ page: { size: 1 } }, /^page: unknown field size$/],
    [{ pages: {} }, /^unknown field pages$/],
    [{ filters: { state: ["failed"] } }, /^filters: unknown field state$/],
    [{ filters: { states: ["done"] } }, /^filters\.states\.0: must be one of created, started/],
    [{ filters: { states: "failed" } }, /^filters\.states: must be an array$/],
    [{ filters: { function_ids: ["echo"] } }, /^filters\.function_ids\.0: must be the id of a function$/],
    [{ filters: { error_codes: ["ER0009"] } }, /^filters\.error_codes\.0: must be one of ER0000/],
    [{ filters: { executed_by: "me" } }, /^filters\.executed_by: must be the id of an execution$/],
    [{ filters: { started_at: { from: "2026-02-30T00:00:00Z" } } }, /^filters\.started_at\.from: must be an existing/],
    [{ filters: { metadata: [{ key: "a\n", values: [] }] } }, /^filters\.metadata\.0\.key: a key must be printable/],
    [{ filters: { metadata: { a: "b" } } }, /^filters\.metadata: must be an array$/],
    [[], /^the body must be a JSON object$/],
    [null, /^the body must be a JSON object$/],
  ])("refuses %j", async (body, message) => {
    const response = await given().post(body);
    expect(response.statusCode).toBe(400);
    expect(response.json()["message"]).toMatch(message);
  });

  it.each([
    ["?limit=5", "unknown query parameter limit"],
    ["?first=1e3", "page.first: must be a whole number"],
    ["?first=x", "page.first: must be a whole number"],
    ["?first=1&first=2", "page.first: must be a whole number"],
    ["?after=a&after=b", "after: must be given once"],
    ["?metadata.=x", "filters.metadata.0.key: a key must not be empty"],
  ])("refuses %s", async (query, message) => {
    expect((await given().get(query)).json()["message"]).toBe(message);
  });
});

describe("attempts", () => {
  const third = aStarted({ attempt: 3, attemptCreatedAtMs: 20_000, metadata: { user: "1" } });
  const withTwoFailed = async () => {
    const api = given(third);
    const failed = { end: { state: "failed", errorCode: "ER0001" }, result: { inline: '{"message":"no"}' } } as const;
    await api.ports.attempts.record(anAttempt({ number: 1, ...failed, logs: { inline: "" } }));
    await api.ports.attempts.record(anAttempt({ number: 2, ...failed, createdAtMs: 12_000, scheduledAtMs: 15_000 }));
    return api;
  };

  it("are listed newest first, each with its own id, state, error code and times", async () => {
    const { get } = await withTwoFailed();
    const response = await get("", `${executions}/${anId}/attempts`);
    expect(response.json()["data"]).toMatchObject([
      { id: `${anId}.3`, state: "started", attempt: 3, created_at: "1970-01-01T00:00:20.000Z" },
      {
        id: `${anId}.2`,
        state: "failed",
        attempt: 2,
        error_code: "ER0001",
        created_at: "1970-01-01T00:00:12.000Z",
        scheduled_at: "1970-01-01T00:00:15.000Z",
        finished_at: "1970-01-01T00:00:12.000Z",
        metadata: { user: "1" },
      },
      { id: `${anId}.1`, state: "failed", attempt: 1 },
    ]);
  });

  it("are paged and filtered as executions are", async () => {
    const { post } = await withTwoFailed();
    const path = `${executions}/${anId}/attempts`;
    const first = await post({ page: { first: 1 }, filters: { states: ["failed"] } }, path);
    expect(idsOf(first)).toEqual([`${anId}.2`]);
    expect(info(first)).toMatchObject({ has_next_page: true, has_prev_page: false });
    const second = await post(
      { page: { first: 1, after: info(first)["end_cursor"] }, filters: { states: ["failed"] } },
      path,
    );
    expect(idsOf(second)).toEqual([`${anId}.1`]);
    expect(info(second)).toMatchObject({ has_next_page: false, has_prev_page: true });
    expect(idsOf(await post({ page: { last: 2 } }, path))).toEqual([`${anId}.2`, `${anId}.1`]);
    expect(await post({ page: { after: info(await post({}))["end_cursor"] } }, path)).toMatchObject({
      statusCode: 400,
    });
  });

  it("answer to their own id", async () => {
    const { get, ports } = await withTwoFailed();
    const at = (rest: string) => get("", `${executions}/${anId}${rest}`);
    expect((await at(".2")).json()["data"]).toMatchObject({ id: `${anId}.2`, state: "failed", error_code: "ER0001" });
    expect((await at(".2/results")).json()).toEqual({ message: "no" });
    expect(await at(".2/logs")).toMatchObject({ statusCode: 200 });
    expect((await at(".2/arguments")).json()).toEqual([]);
    expect(await at(".3/results")).toMatchObject({ statusCode: 202 });
    expect(await at(".4")).toMatchObject({ statusCode: 404 });
    expect(await at(".0")).toMatchObject({ statusCode: 404 });
    ports.executions.records.set(anId, aCreated({ attempt: 3 }));
    expect((await at(".3")).json()["data"]).toMatchObject({ id: `${anId}.3`, state: "created" });
    expect(await at(".3/logs")).toMatchObject({ statusCode: 404 });
    // An execution that waits for a retry shows the logs of the attempt before.
    expect(await at("/logs")).toMatchObject({ statusCode: 200 });
  });

  it("that are current stand for their execution; those that are over cannot be changed", async () => {
    const { call, ports } = await withTwoFailed();
    ports.executions.records.set(anId, aCreated({ attempt: 3 }));
    const cancel = (id: string) => call({ method: "POST", path: `${executions}/${id}/cancellation` });
    expect((await cancel(`${anId}.2`)).json()).toEqual({
      error: "conflict",
      message: "cannot cancel execution in failed state",
    });
    expect(await cancel(`${anId}.4`)).toMatchObject({ statusCode: 404 });
    expect(await cancel(`${anId}.3`)).toMatchObject({ statusCode: 200 });
    expect(ports.executions.records.get(anId)).toMatchObject({ state: "cancelled" });
  });
});
