import { describe, expect, it } from "vitest";
import { aNewId } from "../../harness/an-execution.ts";
import { until } from "../../harness/until.ts";
import type { Launch, StoppedTask, Tasks } from "../../lambdas/core/ports.ts";

/**
 * Tests the promises of every `Tasks`, for any implementation. `functionName` is on Fargate; `stop` ends a task from
 * outside. The executions that the tasks are launched for do not exist.
 */
export function describeTasks(
  name: string,
  functionName: string,
  make: () => { tasks: Tasks; stop: (task: string) => Promise<void> },
): void {
  const aLaunch = (changes: Partial<Launch> = {}): Launch => ({
    executionId: aNewId(1),
    revision: 0,
    functionName,
    number: 1,
    ...changes,
  });

  describe(`tasks on ${name}`, () => {
    it("are one for a launch, however often it is asked for, and another one for any other launch", async () => {
      const { tasks, stop } = make();
      const launch = aLaunch();
      const launches = [
        ...[launch, launch, { ...launch }],
        ...[
          { ...launch, number: 2 },
          { ...launch, revision: 1 },
          { ...launch, executionId: aNewId(2) },
        ],
      ];
      const started = await Promise.all(launches.map((it) => tasks.run(it)));
      const [task, again, once, ...others] = started;
      expect([again, once]).toEqual([task, task]);
      expect(new Set([task, ...others]).size).toBe(4);
      for (const each of new Set(started)) await stop(each);
    });

    it("have not stopped until they have; then their end names the launch and the reason, and no other task starts", async () => {
      const { tasks, stop } = make();
      const launch = aLaunch();
      const task = await tasks.run(launch);
      expect(await tasks.findStopped(task, launch)).toBeUndefined();
      await stop(task);
      const isStopped = (found: StoppedTask | undefined) => found !== undefined;
      expect(await until(() => tasks.findStopped(task, launch), isStopped)).toEqual({
        ...{ task, launch },
        exit: { reason: "lost", why: expect.stringMatching(/stopped/) as unknown },
      });
      expect(await tasks.run(launch)).toBe(task);
    });

    it("that nobody knows any more count as lost", async () => {
      const { tasks, stop } = make();
      const launch = aLaunch();
      const known = await tasks.run(launch);
      await stop(known);
      const unknown = known.replace(/.{4}$/, "0000");
      expect(await tasks.findStopped(unknown, launch)).toEqual({
        ...{ task: unknown, launch },
        exit: { reason: "lost", why: expect.any(String) as unknown },
      });
    });
  });
}
