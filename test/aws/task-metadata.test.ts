import { afterEach, describe, expect, it, vi } from "vitest";
import { findTaskArn } from "../../lambdas/aws/task-metadata.ts";

const TaskARN = "arn:aws:ecs:us-east-1:000000000000:task/Epoque-tasks/1";

function answering(...answers: (() => Response)[]) {
  const fetch = vi.fn(async (_url: string) => {
    const answer = answers.shift();
    if (answer === undefined) throw new TypeError("fetch failed");
    return answer();
  });
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

const waits: number[] = [];
const find = (uri: string) => findTaskArn(uri, async (ms) => void waits.push(ms));

afterEach(() => {
  waits.length = 0;
  vi.unstubAllGlobals();
});

describe("a task's own ARN", () => {
  it("is what its metadata say", async () => {
    const fetch = answering(() => Response.json({ TaskARN, Family: "f" }));
    expect(await find("http://169.254.170.2/v4/1")).toBe(TaskARN);
    expect(fetch.mock.calls.map(([url]) => url)).toEqual(["http://169.254.170.2/v4/1/task"]);
  });

  it("is asked for again where the first answers are none", async () => {
    const fetch = answering(
      () => new Response("not yet", { status: 503 }),
      () => Response.json({}),
      () => Response.json({ TaskARN }),
    );
    expect(await find("http://metadata")).toBe(TaskARN);
    expect(fetch).toHaveBeenCalledTimes(3);
  });

  it("that is never told is an error after five tries", async () => {
    const fetch = answering();
    await expect(find("http://metadata")).rejects.toThrow("fetch failed");
    expect(fetch).toHaveBeenCalledTimes(5);
    expect(waits).toEqual([400, 800, 1_600, 3_200]);
  });
});
