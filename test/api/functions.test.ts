import { describe, expect, it } from "vitest";
import { aCreated, aNewId, aStarted } from "../../harness/an-execution.ts";
import { functionId } from "../../lambdas/core/ids.ts";
import { memoryApi } from "../support/api.ts";

const path = "/public/v2/functions";
const get = (query = "", api = memoryApi()) => api.call({ method: "GET", path: path + query });

const unparked = { parked: 0, parked_is_lower_bound: false };

describe("the functions", () => {
  it("are listed with their settings, by name", async () => {
    const { data } = (await get()).json() as { data: Record<string, unknown>[] };
    expect(data.map(({ name }) => name)).toEqual([
      "followed",
      "fourASecond",
      "importContacts",
      "oneByOne",
      "perCustomer",
      "twoAtMost",
    ]);
    expect(data[3]).toEqual({
      name: "oneByOne",
      id: functionId("oneByOne"),
      concurrency: 1,
      retry: {
        max_attempts: 0,
        initial_interval_seconds: 30,
        multiplier: 1.5,
        max_interval_seconds: 600,
        randomization_factor: 0.5,
      },
      max_duration_seconds: 885,
      memory: 1024,
      config: {},
      compute: "lambda",
      paused: false,
    });
  });

  it("tell whether they are paused", async () => {
    const api = memoryApi();
    await api.call({ method: "POST", path: `${path}/oneByOne/pause` });
    const { data } = (await get("", api)).json() as { data: { name: string; paused: boolean }[] };
    expect(data.filter(({ paused }) => paused).map(({ name }) => name)).toEqual(["oneByOne"]);
    const { data: one } = (await get("/oneByOne", api)).json() as { data: object };
    expect(one).toMatchObject({ paused: true, paused_at: "1970-01-01T00:00:10.000Z", paused_by: "admin" });
    expect(data.find(({ name }) => name === "oneByOne")).toEqual(one);
  });

  it("tell how busy they are, if asked", async () => {
    const api = memoryApi();
    const of = (name: string) => ({ id: aNewId(1, name), functionName: name, functionId: functionId(name) });
    for (const execution of [
      aStarted(of("oneByOne")),
      aStarted(of("importContacts")),
      aStarted({ ...of("importContacts"), state: "aborting" }),
      aCreated(of("importContacts")),
    ]) {
      api.ports.executions.records.set(execution.id, execution);
    }
    api.ports.dispatcher.waiting = 7;
    const { data } = (await get("?include=load", api)).json() as { data: { load: object }[] };
    expect(data.map(({ load }) => load)).toEqual(
      [0, 0, 2, 1, 0, 0].map((running) => ({ waiting: 7, ...unparked, running, running_is_lower_bound: false })),
    );
    expect((await get("/importContacts?include=load", api)).json()["data"]).toEqual(data[2]);
  });

  it("read a bounded number of keys to count what runs, and say so", async () => {
    const api = memoryApi();
    for (let index = 0; index < 5_000; index++) {
      const id = aNewId(index, "importContacts");
      api.ports.executions.records.set(id, aStarted({ id }));
    }
    const { data } = (await get("/importContacts?include=load", api)).json() as { data: { load: object } };
    expect(data.load).toEqual({ waiting: 0, ...unparked, running: 4_000, running_is_lower_bound: true });
  });

  it("are found by name; another name is a 404", async () => {
    expect((await get("/oneByOne")).json()).toMatchObject({ data: { name: "oneByOne" } });
    for (const name of ["nope", "__proto__", "constructor", "%00", "x".repeat(1_000)]) {
      const response = await get(`/${name}`);
      expect(response.statusCode).toBe(404);
      expect(response.json()["message"]).toBe(`cannot find function "${decodeURIComponent(name).slice(0, 100)}"`);
    }
  });

  it.each([
    ["?include=all", /^the query\.include: must be one of load$/],
    ["?more=1", /^the query: unknown field more$/],
  ])("refuse what they do not know: %s", async (query, message) => {
    for (const where of ["", "/oneByOne"]) {
      const response = await get(where + query);
      expect(response.statusCode).toBe(400);
      expect(response.json()["message"]).toMatch(message);
    }
  });
});
