import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { actOnEach } from "../../console/src/parts/act-on-each.ts";

const signal = new AbortController().signal;
const idsUpTo = (count: number) => Array.from({ length: count }, (_, index) => `id-${index}`);

describe("acting on selected executions", () => {
  it("acts once on each, at most five at once, and tells each error by its execution", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(fc.boolean(), { maxLength: 30 }), async (s, fails) => {
        const ids = idsUpTo(fails.length);
        const acted: string[] = [];
        const progress: number[] = [];
        let running = 0;
        let most = 0;
        const act = async (id: string) => {
          acted.push(id);
          most = Math.max(most, ++running);
          await s.schedule(Promise.resolve());
          running--;
          if (fails[ids.indexOf(id)]) throw new Error(`${id} has ended`);
        };
        const outcome = await s.waitFor(actOnEach(ids, act, { signal, onProgress: (count) => progress.push(count) }));
        const failed = ids.filter((_, index) => fails[index]);
        const byId = new Map(outcome.failures.map(({ id, message }) => [id, message]));
        expect(acted).toEqual(ids);
        expect(most).toBe(Math.min(5, ids.length));
        expect(progress).toEqual(ids.map((_, index) => index + 1));
        expect(byId).toEqual(new Map(failed.map((id) => [id, `${id} has ended`])));
        expect(outcome.failures).toHaveLength(failed.length);
        expect(outcome.done.toSorted()).toEqual(ids.filter((id) => !byId.has(id)).toSorted());
        expect(outcome.left).toBe(0);
      }),
    );
  });

  it("begins no more when it is stopped, and counts what was under way", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 20 }), async (s, stopAfter) => {
        const controller = new AbortController();
        const acted: string[] = [];
        const act = async (id: string) => {
          acted.push(id);
          await s.schedule(Promise.resolve());
          if (id === "id-0") throw new Error("it has ended");
        };
        let begunAtStop = 0;
        const onProgress = (worked: number) => {
          if (worked !== stopAfter) return;
          controller.abort();
          begunAtStop = acted.length;
        };
        const stopping = actOnEach(idsUpTo(30), act, { signal: controller.signal, onProgress });
        const { done, failures, left } = await s.waitFor(stopping);
        expect(acted).toHaveLength(begunAtStop);
        expect({ worked: done.length + failures.length, left }).toEqual({
          worked: begunAtStop,
          left: 30 - begunAtStop,
        });
      }),
    );
  });

  it("acts on none when it was stopped before", async () => {
    const acted: string[] = [];
    const act = async (id: string) => void acted.push(id);
    const outcome = await actOnEach(["a", "b"], act, { signal: AbortSignal.abort(), onProgress: () => {} });
    expect({ acted, outcome }).toEqual({ acted: [], outcome: { done: [], failures: [], left: 2 } });
  });
});
