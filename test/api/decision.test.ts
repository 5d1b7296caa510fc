import { describe, expect, it } from "vitest";
import { anId } from "../../harness/an-execution.ts";
import { memoryPorts } from "../../harness/memory/memory-ports.ts";
import type { Log, LogEntry } from "../../lambdas/log/log.ts";
import { memoryApi } from "../support/api.ts";

function loggedApi() {
  const lines: { entry: LogEntry; metrics: Parameters<Log>[1] }[] = [];
  const ports = memoryPorts();
  const log: Log = (entry, metrics) => void lines.push({ entry, metrics });
  return { ...memoryApi({ ...ports, log } as typeof ports), lines };
}

const secrets = { function_name: "importContacts", function_arguments: ["s3cret"], metadata: { m3ta: "s3cret" } };

describe("the line of a request", () => {
  it("says what was enqueued, and counts it", async () => {
    const { call, lines } = loggedApi();
    const answer = await call({ method: "PUT", path: "/public/v2/executions", body: JSON.stringify(secrets) });
    const { id } = answer.json()["data"] as { id: string };
    expect(lines).toEqual([
      {
        entry: {
          message: "request answered",
          requestId: "request-1",
          route: "PUT /public/v2/executions",
          status: 201,
          by: "admin",
          executionId: id,
          durationMs: expect.any(Number) as number,
        },
        metrics: { enqueued: 1 },
      },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/s3cret|m3ta|current/);
  });

  it("names the execution of the path, and the attempt", async () => {
    const { call, lines } = loggedApi();
    await call({ method: "GET", path: `/public/v2/executions/${anId}.2` });
    expect(lines).toMatchObject([
      { entry: { route: "GET /public/v2/executions/{id}", status: 404, executionId: anId, attempt: 2 }, metrics: {} },
    ]);
  });

  it("names the bulk job of the path, and no execution", async () => {
    const { call, lines } = loggedApi();
    await call({ method: "GET", path: `/public/v2/bulk/${anId}` });
    expect(lines).toMatchObject([{ entry: { route: "GET /public/v2/bulk/{id}", job: anId } }]);
    expect(lines[0]?.entry).not.toHaveProperty("executionId");
  });

  it.each(["/s3cret/way", "/public/v2/executions/s3cret"])("tells nothing of what somebody sent: %s", async (path) => {
    const { call, lines } = loggedApi();
    await call({ method: "GET", path, headers: { authorization: "Bearer wr0ng" } });
    expect(lines).toMatchObject([{ entry: { status: 401 }, metrics: { unauthorized: 1 } }]);
    expect(JSON.stringify(lines)).not.toMatch(/s3cret|wr0ng/);
  });

  it("has the error that nobody expected", async () => {
    const { call, lines, ports } = loggedApi();
    ports.executions.create = () => Promise.reject(new Error("no table", { cause: new TypeError("no network") }));
    await call({ method: "PUT", path: "/public/v2/executions", body: JSON.stringify(secrets) });
    expect(lines).toMatchObject([
      { entry: { level: "ERROR", status: 500, error: { message: "no table", cause: "TypeError: no network" } } },
    ]);
    expect(lines[0]?.metrics).toEqual({});
  });
});
