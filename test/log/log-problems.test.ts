import { describe, expect, it } from "vitest";
import { aCreated, anId } from "../../harness/an-execution.ts";
import { memoryPorts } from "../../harness/memory/memory-ports.ts";
import { isExecutionId, newJobId } from "../../lambdas/core/ids.ts";
import { newWakeJob } from "../../lambdas/core/jobs/wake-job.ts";
import { startBulk } from "../../lambdas/flows/bulk.ts";
import { putSchedule } from "../../lambdas/flows/put-schedule.ts";
import { sweep } from "../../lambdas/flows/sweep.ts";
import type { LogEntry } from "../../lambdas/log/log.ts";
import { logProblems } from "../../lambdas/log/log-problems.ts";
import { aSchedule } from "../support/a-schedule.ts";

const NOW_MS = 1_800_000_000_000;
const fail = () => Promise.reject(new Error("throttled"));

/** Ports at `NOW_MS` whose problems become log entries. */
function given() {
  const entries: LogEntry[] = [];
  const log = (entry: LogEntry) => void entries.push(entry);
  const ports = { ...memoryPorts(NOW_MS), onDispatchError: logProblems(log), onError: logProblems(log, "request") };
  const sweepNow = async () => {
    const { errors } = await sweep(ports, Infinity);
    return { errors, entries: entries.map(({ level: _, error, ...entry }) => ({ ...entry, error: error?.message })) };
  };
  return { ports, entries, sweepNow };
}

const failed = { requestId: "request", error: "throttled" };

describe("a log line of a problem", () => {
  it("names a bulk job as a job, though its id has the form of an execution's", async () => {
    const { ports, entries } = given();
    ports.jobMessages.send = fail;
    const { id } = await startBulk(ports, { action: "cancel", filters: {}, force: false, perSecond: 10 });
    expect(isExecutionId(id)).toBe(true);
    expect(entries).toMatchObject([{ level: "ERROR", message: "job not sent", job: id, error: { name: "Error" } }]);
    expect(entries[0]).not.toHaveProperty("executionId");
  });

  it("names a schedule by its name, also where that has the form of an execution's id", async () => {
    const { ports, entries } = given();
    ports.ticks.send = fail;
    const { schedule } = await putSchedule(ports, anId, {
      ...{ functionName: "importContacts", arguments: "[]", metadata: {}, request: {} },
      ...{ jitterSeconds: 0, overlap: "allow", catchUp: "latest" },
      ticks: () => ({ rule: { everySeconds: 60, anchorMs: 0 } }),
    });
    expect(entries).toMatchObject([{ message: "schedule not sent", schedule: schedule.name }]);
    expect(entries[0]).not.toHaveProperty("executionId");
  });
});

describe("a log line of a sweep that could not recover something", () => {
  it("names an execution", async () => {
    const { ports, sweepNow } = given();
    ports.executions.records.set(anId, aCreated());
    ports.executions.getMany = fail;
    const entry = { message: "execution not recovered", executionId: anId, ...failed };
    expect(await sweepNow()).toEqual({ errors: 1, entries: [entry] });
  });

  it("names a schedule", async () => {
    const { ports, sweepNow } = given();
    const { name } = aSchedule();
    ports.schedules.schedules.set(name, aSchedule());
    ports.schedules.get = fail;
    const entry = { message: "schedule not recovered", schedule: name, ...failed };
    expect(await sweepNow()).toEqual({ errors: 1, entries: [entry] });
  });

  it("names a job", async () => {
    const { ports, sweepNow } = given();
    const id = newJobId(NOW_MS, new Uint8Array(16));
    const job = newWakeJob({ id, name: "importContacts" }, undefined, 0);
    ports.jobs.jobs.set(job.id, job);
    ports.jobs.get = fail;
    const entry = { message: "job not recovered", job: job.id, ...failed };
    expect(await sweepNow()).toEqual({ errors: 1, entries: [entry] });
  });

  it("names the function of a lane, and no value of its metadata", async () => {
    const { ports, sweepNow } = given();
    const { id: functionId, name: functionName } = [...ports.functions.values()].find((it) => it.concurrency) ?? {};
    if (functionId === undefined || functionName === undefined) throw new Error("no function has lanes");
    const lane = { functionId, functionName, name: "customer=jane@example.com" };
    await ports.lanes.park(lane, { executionId: anId, revision: 0, functionName, scheduledAtMs: 0 });
    ports.lanes.slots = fail;
    const entry = { message: "lane not repaired", function: functionName, ...failed };
    expect(await sweepNow()).toEqual({ errors: 1, entries: [entry] });
  });

  it("names the function whose parked executions it could not wake", async () => {
    const { ports, sweepNow } = given();
    const deployed = ports.functions.get("importContacts");
    const lane = { functionId: deployed?.id ?? "", functionName: "importContacts", name: "pause#0" };
    await ports.lanes.park(lane, { executionId: anId, revision: 0, functionName: "importContacts", scheduledAtMs: 0 });
    ports.lanes.parked = fail;
    const entry = { message: "parked executions not woken", function: "importContacts", ...failed };
    expect(await sweepNow()).toEqual({ errors: 1, entries: [entry] });
  });

  it("names nothing where the dead letters could not be read", async () => {
    const { ports, sweepNow } = given();
    // biome-ignore lint/correctness/useYield: it fails before there is any
    ports.deadLetters.read = async function* () {
      throw new Error("throttled");
    };
    expect(await sweepNow()).toEqual({ errors: 1, entries: [{ message: "dead letters not read", ...failed }] });
  });
});
