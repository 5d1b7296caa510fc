import { describe, expect, it } from "vitest";
import { aCreated, anId } from "../../harness/an-execution.ts";
import { memoryApi } from "../support/api.ts";

const executions = "/public/v2/executions";
const many = (value: (index: number) => unknown) => Array.from({ length: 200_000 }, (_, index) => value(index));
const manyKeys = () => Object.fromEntries(many((index) => [`k${index}`, 1]) as [string, number][]);
const deep = `${"[".repeat(500_000)}${"]".repeat(500_000)}`;

describe("a body that is far too large in one place", () => {
  it.each<[string, string, unknown, RegExp]>([
    ["metadata", "PUT", { function_name: "importContacts", metadata: manyKeys() }, /^metadata: must have 25 pairs/],
    ["an enqueue's fields", "PUT", { function_name: "importContacts", ...manyKeys() }, /^unknown field k0, /],
    ["states", "POST", { filters: { states: many(() => "nope") } }, /^filters\.states: must have 100 values at most$/],
    ["function ids", "POST", { filters: { function_ids: many(() => 1) } }, /^filters\.function_ids: must have 100/],
    ["error codes", "POST", { filters: { error_codes: many(() => 1) } }, /^filters\.error_codes: must have 100/],
    ["metadata filters", "POST", { filters: { metadata: many(() => 1) } }, /^filters\.metadata: must have 25 values/],
    [
      "a metadata filter's values",
      "POST",
      { filters: { metadata: [{ key: "a", values: many(() => 1) }] } },
      /^filters\.metadata\.0\.values: must have 100 values at most$/,
    ],
    ["a list's fields", "POST", manyKeys(), /^unknown field k0, /],
  ])("is a 400: %s", async (_, method, body, message) => {
    const response = await memoryApi().call({ method, path: executions, body: JSON.stringify(body) });
    expect(response.statusCode).toBe(400);
    expect(response.json()["message"]).toMatch(message);
  });

  it.each([
    ["PUT", executions, `{"function_name":"importContacts","function_arguments":${deep}}`],
    ["PUT", executions, `{"function_name":"importContacts","metadata":{"a":${deep}}}`],
    ["POST", executions, `{"filters":{"states":${deep}}}`],
    ["POST", executions, deep],
    ["PATCH", `${executions}/${anId}/schedule`, `{"schedule_for":${deep}}`],
    ["POST", "/public/v1/enqueue", `{"name":"importContacts","arguments":[1e2,${deep}]}`],
  ])("is a 400 where it is nested deeply: %s %s", async (method, path, body) => {
    const api = memoryApi();
    api.ports.executions.records.set(anId, aCreated());
    expect(await api.call({ method, path, body })).toMatchObject({ statusCode: 400 });
    expect(api.ports.executions.records.size).toBe(1);
  });

  it("is a 400 in a query string", async () => {
    const query = many((index) => `metadata.k${index}=1`).join("&");
    const response = await memoryApi().call({ method: "GET", path: `${executions}?${query}` });
    expect(response.json()["message"]).toBe("the query string must have 1000 parameters at most");
  });
});
