import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anAttempt, anId, inEveryState } from "../../harness/an-execution.ts";
import { routes } from "../../lambdas/api/routes.ts";
import { memoryApi } from "../support/api.ts";

// Arbitrary input at every route: the right 4xx, nothing written, and never a 5xx. `memoryApi` holds every answer
// against the contract as well.

const nasty = fc.constantFrom(
  "__proto__",
  "constructor",
  "toString",
  "\u0000",
  "\ud800",
  "a\nb",
  "é\u2028",
  "9999-12-31T23:59:59.999Z",
  "2026-02-30T00:00:00Z",
  "+010000-01-01T00:00:00.000Z",
  "-1",
  "1e999",
  anId,
  `${anId}.1`,
  `${anId}.999999`,
  "x".repeat(100_000),
);
const scalar = fc.oneof(
  fc.string({ unit: "binary" }),
  nasty,
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const fields = fc.constantFrom(
  ..."function_name function_arguments schedule_for discard_after metadata page filters first after last before force".split(
    " ",
  ),
  ..."states function_ids error_codes executed_by scheduled_at started_at from to key values name arguments".split(" "),
  ..."scopes functions expires_at".split(" "),
  "__proto__",
);
const anyJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    scalar,
    fc.array(tie("value")),
    fc.dictionary(fc.oneof(fields, fc.string()), tie("value")),
  ),
}));
// Bodies that are nearly right get further.
const nearly = fc.record(
  {
    function_name: fc.oneof(fc.constant("importContacts"), scalar),
    function_arguments: fc.oneof(fc.array(anyJson.value), scalar),
    schedule_for: fc.oneof(
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      scalar,
    ),
    discard_after: scalar,
    metadata: fc.oneof(fc.dictionary(fc.oneof(fc.string(), nasty), scalar), anyJson.value),
    page: fc.record({ first: scalar, last: scalar, after: scalar, before: scalar }, { requiredKeys: [] }),
    filters: fc.record(
      {
        states: fc.oneof(fc.array(scalar), scalar),
        executed_by: scalar,
        started_at: fc.record({ from: scalar, to: scalar }, { requiredKeys: [] }),
        metadata: fc.array(fc.record({ key: scalar, values: fc.array(scalar) })),
      },
      { requiredKeys: [] },
    ),
    executions: fc.oneof(
      fc.array(fc.oneof(fc.record({ function_name: fc.constant("importContacts"), idempotency_key: scalar }), scalar)),
      scalar,
    ),
    arguments: fc.oneof(fc.array(anyJson.value), scalar),
    force: fc.oneof(fc.boolean(), scalar),
    name: fc.oneof(fc.constantFrom("ci", "admin", "a.b"), scalar),
    scopes: fc.oneof(fc.array(fc.oneof(fc.constantFrom("read", "admin"), scalar)), scalar),
    functions: fc.oneof(fc.array(fc.oneof(fc.constant("importContacts"), scalar)), scalar),
    expires_at: scalar,
    action: fc.oneof(fc.constantFrom("cancel", "rerun", "reschedule"), scalar),
    dry_run: fc.oneof(fc.boolean(), scalar),
    limit: fc.oneof(fc.nat(), scalar),
    per_second: fc.oneof(fc.nat(), scalar),
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  fc.tuple(
    fc.oneof(anyJson.value, nearly).map((value) => JSON.stringify(value)),
    fc.constant(false),
  ),
  fc.tuple(fc.string({ unit: "binary" }), fc.constant(false)),
  fc.tuple(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString("base64")),
    fc.constant(true),
  ),
  fc.constant([undefined, false] as const),
);
const headers = fc.record(
  {
    authorization: fc.oneof({ weight: 6, arbitrary: fc.constant("Bearer current") }, fc.string({ unit: "binary" })),
    "content-type": fc.oneof({ weight: 4, arbitrary: fc.constant("application/json") }, fc.string()),
    "idempotency-key": fc.string({ unit: "binary" }),
  },
  { requiredKeys: ["authorization"] },
);
const segment = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(anId, `${anId}.1`, `${anId}.2`) },
  fc.oneof(fc.string({ minLength: 1 }), nasty).map((text) => text.replaceAll(/[/?]/g, "_")),
);
const query = fc.oneof(
  { weight: 2, arbitrary: fc.constant("") },
  fc.webQueryParameters().map((text) => `?${text}`),
  fc
    .array(
      fc.tuple(fc.oneof(fields, fc.constantFrom("started_at.from", "metadata.a", "metadata.", "states")), fc.string()),
    )
    .map((pairs) => `?${new URLSearchParams(pairs).toString()}`),
);

describe("anything at all", () => {
  for (const route of routes) {
    it(`sent to ${route.method} ${route.path} is answered with what the contract knows, and never with a 5xx`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...inEveryState()),
          segment,
          query,
          headers,
          body,
          async (execution, id, search, sent, [text, isBase64Encoded]) => {
            const api = memoryApi();
            api.ports.executions.records.set(anId, execution);
            await api.ports.attempts.record(anAttempt());
            const before = structuredClone(api.ports.executions.records);
            const response = await api.call({
              method: route.method,
              path: route.path.replace(/\{\w+\}/, () => id) + search,
              headers: sent,
              ...(text !== undefined && { body: text }),
              isBase64Encoded,
            });
            expect(response.statusCode).toBeLessThan(500);
            if ((response.statusCode ?? 500) >= 400) {
              expect(api.ports.executions.records).toEqual(before);
              expect(api.ports.dispatcher.sent).toEqual([]);
              expect(api.ports.jobs.jobs.size).toBe(0);
              expect((response.json() as { message: string }).message.length).toBeLessThan(1_200);
            }
          },
        ),
        { numRuns: 60 },
      );
    });
  }

  it("at any path and method is answered", async () => {
    const api = memoryApi();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), fc.string(), async (path, method) => {
        const response = await api.call({ method, path: `/${path.replaceAll("?", "")}` });
        expect(response.statusCode).toBeLessThan(500);
      }),
    );
  });
});
