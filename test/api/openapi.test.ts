import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isRequestBody } from "../../harness/openapi.ts";
import { openapi } from "../../lambdas/api/openapi.ts";
import { routes } from "../../lambdas/api/routes.ts";
import { memoryApi } from "../support/api.ts";

const written = JSON.parse(readFileSync(new URL("../../openapi.json", import.meta.url), "utf-8")) as {
  paths: Record<string, Record<string, unknown>>;
};

describe("openapi.json", () => {
  it("is what the schemas say (else: npm run openapi)", () => {
    expect(JSON.parse(JSON.stringify(openapi()))).toEqual(written);
  });

  it("has every route", () => {
    const described = Object.entries(written.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
  });

  it("refers to nothing that is not there", () => {
    const references = JSON.stringify(written).matchAll(/"\$ref":"#\/([^"]+)"/g);
    for (const [, path = ""] of references) {
      const found = path.split("/").reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], written);
      expect(found, path).toBeTypeOf("object");
      expect(found, path).not.toHaveProperty("$ref");
    }
  });
});

describe("bodies", () => {
  const name = { function_name: "importContacts" };
  const [schedule, list, tokens, bulk] = ["/schedules/nightly", "/executions", "/tokens", "/bulk"];
  const filters = { states: ["created"] };
  const debounce = { key: "a", delaySeconds: 60 };

  it.each([
    ["PUT", list, { ...name, metadata: { "a key": "a value" } }, true],
    ["PUT", list, { ...name, metadata: { "": "a value" } }, false],
    ["PUT", list, { ...name, metadata: { é: "a value" } }, false],
    ["PUT", list, { ...name, metadata: { a: "\n" } }, false],
    ["PUT", list, { ...name, metadata: { ["a".repeat(257)]: "a value" } }, false],
    ["PUT", list, { ...name, metadata: JSON.parse('{"__proto__":"a value"}') as object }, false],
    ["PUT", list, { ...name, debounce }, true],
    ["PUT", list, { ...name, debounce, discard_after: "2099-01-01T00:00:00Z" }, true],
    ["PUT", list, { ...name, debounce, schedule_for: "2099-01-01T00:00:00Z" }, false],
    ["POST", list, { filters: { schedule: "nightly" } }, true],
    ["POST", list, { filters: { schedule: "" } }, false],
    ["POST", list, { page: { first: 1_000_000_000_000 } }, true],
    ["POST", list, { page: { first: 10, last: 10 } }, false],
    ["PUT", schedule, { ...name, cron: "@daily", timezone: "Europe/Paris" }, true],
    ["PUT", schedule, { ...name, every_seconds: 60, anchor: "2026-01-01T00:00:00Z" }, true],
    ["PUT", schedule, { ...name }, false],
    ["PUT", schedule, { ...name, cron: "@daily", every_seconds: 60 }, false],
    ["PUT", schedule, { ...name, cron: "@daily", anchor: "2026-01-01T00:00:00Z" }, false],
    ["PUT", schedule, { ...name, every_seconds: 60, timezone: "Europe/Paris" }, false],
    ["POST", tokens, { name: "ci", scopes: ["read"], functions: ["importContacts"] }, true],
    ["POST", tokens, { name: "ci", scopes: ["admin"] }, true],
    ["POST", tokens, { name: "ci", scopes: ["admin"], functions: ["importContacts"] }, false],
    ["POST", tokens, { name: "ci", scopes: [] }, false],
    ["POST", tokens, { name: "ci", scopes: ["read"], functions: [] }, false],
    ["POST", tokens, { name: "admin", scopes: ["read"] }, false],
    ["POST", bulk, { action: "cancel", filters, force: true }, true],
    ["POST", bulk, { action: "cancel", filters, schedule_for: "2026-01-01T00:00:00Z" }, false],
    ["POST", bulk, { action: "rerun", filters, arguments: [1] }, true],
    ["POST", bulk, { action: "rerun", filters, force: true }, false],
    ["POST", bulk, { action: "reschedule", filters, schedule_for: "2026-01-01T00:00:00Z" }, true],
    ["POST", bulk, { action: "reschedule", filters, arguments: [1] }, false],
  ] as const)("of %s %s: %j is allowed: %s", async (method, path, body, isAllowed) => {
    const url = `/public/v2${path}`;
    const { statusCode = 0 } = await memoryApi().call({ method, path: url, body: JSON.stringify(body) });
    expect({ byContract: isRequestBody(method, url, body), byService: statusCode < 300 }).toEqual({
      byContract: isAllowed,
      byService: isAllowed,
    });
  });

  it.each([
    [{ ...name, idempotency_key: "a" }, true],
    [{ ...name, debounce }, true],
    [{ ...name, debounce, idempotency_key: "a" }, false],
    [{ ...name, debounce, schedule_for: "2099-01-01T00:00:00Z" }, false],
  ] as const)("of an item of a batch: %j is allowed: %s", async (item, isAllowed) => {
    const url = "/public/v2/executions/batch";
    const body = { executions: [item] };
    const answer = await memoryApi().call({ method: "POST", path: url, body: JSON.stringify(body) });
    const { data = [] } = answer.json() as { data?: object[] };
    expect({ byContract: isRequestBody("POST", url, body), byService: data.every((it) => "execution" in it) }).toEqual({
      byContract: isAllowed,
      byService: isAllowed,
    });
  });
});
