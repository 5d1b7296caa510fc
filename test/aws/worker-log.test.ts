import { describe, expect, it } from "vitest";
import { logOf } from "../../lambdas/aws/worker-log.ts";

const PREFIX = "/epoque/Epoque-fn-";
const TASK = "arn:aws:ecs:eu-central-1:000000000000:task/Epoque-tasks/0f3a";

describe("the log of a worker", () => {
  it("is a stream in the group of the function's Lambda", () => {
    const worker = { logStream: "2026/11/29/[$LATEST]7f" };
    expect(logOf(PREFIX, "renderFilm", worker)).toEqual({
      group: "/epoque/Epoque-fn-renderFilm",
      stream: worker.logStream,
    });
  });

  it("is the stream of a task's container in the group of all tasks", () => {
    const log = { group: "/epoque/Epoque-fn-/tasks", stream: "renderFilm/run/0f3a" };
    expect(logOf(PREFIX, "renderFilm", { task: TASK })).toEqual(log);
  });

  it("is never another function's, whatever a record says", () => {
    const { group, stream } = logOf(PREFIX, "renderFilm", { task: "task/x/../../other/run/0f3a" });
    expect([group, stream]).toEqual(["/epoque/Epoque-fn-/tasks", "renderFilm/run/0f3a"]);
  });

  it.for(["tasks", "run", "a-tasks"])("is for a Lambda of a function called %s not that of tasks", (name) => {
    const { group } = logOf(PREFIX, name, { logStream: "stream" });
    expect(group).not.toBe(logOf(PREFIX, name, { task: TASK }).group);
  });
});
