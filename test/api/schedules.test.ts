import { describe, expect, it } from "vitest";
import { memoryApi } from "../support/api.ts";

const path = "/public/v2/schedules";
const hourly = { function_name: "importContacts", cron: "0 * * * *" };

function given() {
  const api = memoryApi();
  const send = async (method: string, url: string, body?: unknown) => {
    const result = await api.call({
      method,
      path: `${path}${url}`,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: result.statusCode, json: result.body ? result.json() : {} };
  };
  return { ...api, send };
}

/** Gives `importContacts` a `defer.cron`. */
function nineOClock({ functions }: ReturnType<typeof memoryApi>["ports"]): void {
  const deployed = functions.get("importContacts");
  if (deployed !== undefined) deployed.settings = { ...deployed.settings, cron: "0 9 * * *" };
}

describe("a schedule", () => {
  it("is made, found, replaced, and left as it is by the same body", async () => {
    const { send, ports } = given();
    const made = await send("PUT", "/report", { ...hourly, function_arguments: ["ada"] });
    expect(made).toMatchObject({
      status: 201,
      json: { data: { name: "report", source: "api", timezone: "UTC", next_at: "1970-01-01T01:00:00.000Z" } },
    });
    ports.clock.advance(1_000);
    expect(await send("PUT", "/report", { function_arguments: ["ada"], ...hourly })).toEqual({ ...made, status: 200 });
    expect((await send("GET", "/report")).json["data"]).toEqual(made.json["data"]);
    expect(made.json["data"]).toMatchObject({ function_arguments: ["ada"], overlap: "allow" });
    const replaced = await send("PUT", "/report", { ...hourly, timezone: "Asia/Kathmandu" });
    expect(replaced).toMatchObject({ status: 200, json: { data: { next_at: "1970-01-01T00:30:00.000Z" } } });
    expect(replaced.json["data"]).toMatchObject({ id: (made.json["data"] as { id: string }).id });
    expect(await send("DELETE", "/report")).toEqual({ status: 204, json: {} });
    expect(await send("GET", "/report")).toMatchObject({ status: 404 });
  });

  it("with a period ticks from its anchor, its start, or when it was made", async () => {
    const { send } = given();
    const next = async (more: object) => {
      await send("PUT", "/report", { function_name: "importContacts", every_seconds: 40, ...more });
      return (await send("GET", "/report/next?count=2")).json["data"];
    };
    expect(await next({ anchor: "1970-01-01T00:00:00Z" })).toEqual([
      "1970-01-01T00:00:40.000Z",
      "1970-01-01T00:01:20.000Z",
    ]);
    expect(await next({ starts_at: "1970-01-01T00:00:15Z" })).toEqual([
      "1970-01-01T00:00:15.000Z",
      "1970-01-01T00:00:55.000Z",
    ]);
    expect(await next({})).toEqual(["1970-01-01T00:00:50.000Z", "1970-01-01T00:01:30.000Z"]);
    expect(await next({ ends_at: "1970-01-01T00:01:00Z" })).toEqual(["1970-01-01T00:00:50.000Z"]);
  });

  it("is paused, resumed and run out of turn", async () => {
    const { send, call } = given();
    await send("PUT", "/report", hourly);
    expect((await send("POST", "/report/pause")).json["data"]).toMatchObject({ paused: true });
    expect((await send("GET", "/report")).json["data"]).not.toHaveProperty("next_at");
    expect((await send("GET", "/report/next")).json["data"]).toEqual([]);
    const run = await send("POST", "/report/runs", {});
    expect(run).toMatchObject({ status: 201, json: { data: { schedule_name: "report" } } });
    expect((await send("POST", "/report/resume")).json["data"]).toMatchObject({
      paused: false,
      last_execution_id: (run.json["data"] as { id: string }).id,
    });
    const list = await call({ method: "GET", path: "/public/v2/executions?schedule=report" });
    expect(list.json()["data"]).toEqual([run.json["data"]]);
    const none = await call({ method: "GET", path: "/public/v2/executions?schedule=other" });
    expect(none.json()["data"]).toEqual([]);
  });

  it.each([
    [{}, "function_name: "],
    [{ ...hourly, function_name: "gone" }, 'cannot find function "gone"'],
    [{ function_name: "importContacts" }, "must have either cron or every_seconds"],
    [{ ...hourly, every_seconds: 1 }, "must have either cron or every_seconds"],
    [{ ...hourly, cron: "61 * * * *" }, "cron: is not a cron expression"],
    [{ ...hourly, cron: "* * * *" }, "cron: has 4 fields"],
    [{ ...hourly, cron: "0 0 30 2 *" }, "cron: names no time at all"],
    [{ ...hourly, cron: "@often" }, "cron: unknown nickname"],
    [{ ...hourly, cron: "x".repeat(10_000) }, "cron: must have 256 characters at most"],
    [{ ...hourly, cron: 5 }, "cron: must be a cron expression as text"],
    [{ ...hourly, timezone: "Mars/Olympus" }, "timezone: must be an IANA time zone"],
    [{ ...hourly, timezone: "+02:00" }, "timezone: must be an IANA time zone"],
    [{ function_name: "importContacts", every_seconds: 0 }, "every_seconds: must be 1 or more"],
    [{ function_name: "importContacts", every_seconds: 1.5 }, "every_seconds: must be a whole number"],
    [{ function_name: "importContacts", every_seconds: 1, timezone: "UTC" }, "timezone: goes with cron only"],
    [{ ...hourly, anchor: "2027-01-01T00:00:00Z" }, "anchor: goes with every_seconds only"],
    [{ ...hourly, starts_at: "2027-01-02T00:00:00Z", ends_at: "2027-01-01T00:00:00Z" }, "ends_at: must not be before"],
    [{ ...hourly, starts_at: "tomorrow" }, "starts_at: must be an existing date"],
    [{ ...hourly, jitter_seconds: -1 }, "jitter_seconds: must be 0 or more"],
    [{ ...hourly, jitter_seconds: 3_601 }, "jitter_seconds: must be 3600 at most"],
    [{ ...hourly, overlap: "queue" }, "overlap: must be one of allow, skip, cancel"],
    [{ ...hourly, catch_up: "some" }, "catch_up: must be one of latest, all, none"],
    [{ ...hourly, metadata: { a: 1 } }, "metadata.a: a value must be text"],
    [{ ...hourly, paused: true }, "unknown field paused"],
  ])("is refused for %j", async (body, message) => {
    const { send, ports } = given();
    const refused = await send("PUT", "/report", body);
    expect(refused).toMatchObject({ status: 400, json: { error: "bad_request" } });
    expect(refused.json["message"]).toContain(message);
    expect(ports.schedules.schedules.size).toBe(0);
    expect(ports.ticks.sent).toEqual([]);
  });

  it.each([".hidden", "a b", "x".repeat(129), "a%2Fb", "é"])("is not called %j", async (name) => {
    const { send } = given();
    expect(await send("PUT", `/${name}`, hourly)).toMatchObject({ status: 400 });
    for (const [method, rest] of [
      ["GET", ""],
      ["GET", "/next"],
      ["POST", "/pause"],
      ["POST", "/runs"],
      ["DELETE", ""],
    ] as const) {
      expect(await send(method, `/${name}${rest}`)).toMatchObject({ status: 404 });
    }
  });

  it.each(["0", "1001", "x", "1&count=2"])("tells no %s next ticks", async (count) => {
    const { send } = given();
    await send("PUT", "/report", hourly);
    expect(await send("GET", `/report/next?count=${count}`)).toMatchObject({ status: 400 });
  });
});

describe("a list of schedules", () => {
  it("is by name, in pages in both directions, by function, prefix and pause, those of the code among them", async () => {
    const { send, ports } = given();
    nineOClock(ports);
    const names = Array.from({ length: 12 }, (_, index) => `a-${String(index).padStart(2, "0")}`);
    for (const [index, name] of names.entries()) {
      await send("PUT", `/${name}`, { ...hourly, function_name: index % 3 ? "importContacts" : "oneByOne" });
    }
    await send("POST", "/a-04/pause");
    const list = async (query: string) => {
      const { json } = await send("GET", query);
      const data = json["data"] as { name: string; source: string }[];
      return { names: data.map(({ name }) => name), info: json["page_info"] as Record<string, string | boolean>, data };
    };
    expect((await list("")).names).toEqual([...names, "defer.cron.importContacts"]);
    expect((await list("?prefix=defer")).data).toMatchObject([{ source: "code", cron: "0 9 * * *", paused: false }]);
    expect((await list("?prefix=a-1")).names).toEqual(["a-10", "a-11"]);
    expect((await list("?paused=true")).names).toEqual(["a-04"]);
    expect((await list(`?function_ids=${ports.functions.get("oneByOne")?.id}`)).names).toEqual(
      names.filter((_, index) => index % 3 === 0),
    );
    const first = await list("?first=5");
    expect(first).toMatchObject({ names: names.slice(0, 5), info: { has_next_page: true, has_prev_page: false } });
    const second = await list(`?first=5&after=${first.info["end_cursor"]}`);
    expect(second).toMatchObject({ names: names.slice(5, 10), info: { has_next_page: true, has_prev_page: true } });
    expect((await list(`?last=3&before=${second.info["start_cursor"]}`)).names).toEqual(names.slice(2, 5));
    expect((await list("?last=2")).names).toEqual(["a-11", "defer.cron.importContacts"]);
  });

  it.each(["?paused=maybe", "?first=0", "?after=x", "?prefix=%20", "?function_ids=x", "?color=red"])(
    "is refused for %s",
    async (query) => expect(await given().send("GET", query)).toMatchObject({ status: 400 }),
  );
});

describe("a schedule of defer.cron", () => {
  it("can be looked at and not changed", async () => {
    const { send, ports } = given();
    nineOClock(ports);
    const url = "/defer.cron.importContacts";
    expect((await send("GET", url)).json["data"]).toMatchObject({ next_at: "1970-01-01T09:00:00.000Z" });
    expect((await send("GET", `${url}/next?count=1`)).json["data"]).toEqual(["1970-01-01T09:00:00.000Z"]);
    for (const [method, rest] of [
      ["PUT", ""],
      ["DELETE", ""],
      ["POST", "/pause"],
      ["POST", "/resume"],
      ["POST", "/runs"],
    ] as const) {
      expect(await send(method, `${url}${rest}`, hourly)).toMatchObject({ status: 409, json: { error: "conflict" } });
    }
    expect(await send("GET", "/defer.cron.gone")).toMatchObject({ status: 404 });
  });
});
