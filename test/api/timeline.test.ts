import { describe, expect, it } from "vitest";
import type { ExecutionId } from "../../lambdas/core/ids.ts";
import { memoryApi } from "../support/api.ts";

const executions = "/public/v2/executions";

function aCaller() {
  const api = memoryApi();
  const send = async (method: string, path: string, body?: unknown) => {
    const response = await api.call({
      method,
      path: `${executions}${path}`,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    expect(response.statusCode).toBeLessThan(300);
    return response.json()["data"] as Record<string, unknown> & { id: ExecutionId };
  };
  return { ...api, send };
}

describe("a timeline", () => {
  it("tells when an execution was made, rescheduled and cancelled, and by whom", async () => {
    const { ports, send } = aCaller();
    const { id } = await send("PUT", "", { function_name: "importContacts" });
    ports.clock.advance(1_000);
    await send("PATCH", `/${id}/schedule`, { schedule_for: "2030-01-01T00:00:00Z" });
    ports.clock.advance(1_000);
    await send("POST", `/${id}/cancellation`);
    expect(await send("GET", `/${id}/timeline`)).toEqual({
      changes: [
        { at: "1970-01-01T00:00:10.000Z", what: "created", by: "admin" },
        {
          at: "1970-01-01T00:00:11.000Z",
          what: "rescheduled",
          attempt: 1,
          by: "admin",
          for: "2030-01-01T00:00:00.000Z",
        },
        { at: "1970-01-01T00:00:12.000Z", what: "cancelled", attempt: 1, by: "admin" },
      ],
      children: [],
      reruns: [],
    });
  });

  it("tells of a failed attempt and of the retry as of two things", async () => {
    const { ports, send } = aCaller();
    const { id } = await send("PUT", "", { function_name: "importContacts" });
    const record = ports.executions.records.get(id);
    const changes = [{ atMs: 20_000, what: "retry", forMs: 50_000, errorCode: "ER0001" }] as const;
    ports.executions.records.set(id, { ...(record as NonNullable<typeof record>), attempt: 2, changes });
    expect((await send("GET", `/${id}.1/timeline`))["changes"]).toEqual([
      expect.objectContaining({ what: "created" }),
      { at: "1970-01-01T00:00:20.000Z", what: "attempt_failed", attempt: 1, error_code: "ER0001" },
      { at: "1970-01-01T00:00:20.000Z", what: "retry_set", attempt: 2, for: "1970-01-01T00:00:50.000Z" },
    ]);
  });

  it("shows the first fifty children and re-runs, oldest first", async () => {
    const { ports, send } = aCaller();
    const { id } = await send("PUT", "", { function_name: "importContacts" });
    const ids: string[] = [];
    for (let count = 0; count < 51; count++) {
      ports.clock.advance(1);
      ids.push((await send("POST", `/${id}/reruns`)).id);
    }
    for (const one of ids.slice(0, 2) as ExecutionId[]) {
      const record = ports.executions.records.get(one);
      ports.executions.records.set(one, { ...(record as NonNullable<typeof record>), executedBy: id });
    }
    const timeline = await send("GET", `/${id}/timeline`);
    const idsOf = (name: string) => (timeline[name] as { id: string }[]).map((it) => it.id);
    expect(idsOf("reruns")).toEqual(ids.slice(0, 50));
    expect(idsOf("children")).toEqual(ids.slice(0, 2));
  });
});
