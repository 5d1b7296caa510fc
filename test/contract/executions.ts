import { describe, expect, it } from "vitest";
import { aCreated, aNewId } from "../../harness/an-execution.ts";
import type { Executions } from "../../lambdas/core/ports.ts";
import { next } from "../../lambdas/core/transitions.ts";

/** Tests the promises of every `Executions`, for any implementation. */
export function describeExecutions(name: string, make: () => Executions): void {
  const started = (execution: ReturnType<typeof aCreated>) => {
    const decision = next(execution, { type: "start", revision: execution.revision, leaseMs: 1_000 }, 10_000);
    if (!("to" in decision)) throw new Error("a due execution must start");
    return decision;
  };

  describe(`executions on ${name}`, () => {
    it("are read as they were written", async () => {
      const executions = make();
      const execution = aCreated({
        id: aNewId(),
        metadata: { user: "1" },
        discardAfterMs: 5,
        arguments: { bytes: 9 },
      });
      await executions.create(execution);
      expect(await executions.get(execution.id)).toEqual(execution);
      const transition = started(aCreated({ ...execution, discardAfterMs: 20_000 }));
      expect(await executions.apply(transition)).toBe("applied");
      expect(await executions.get(execution.id)).toEqual(transition.to);
    });

    it("keep metadata under any key that can be printed", async () => {
      const executions = make();
      const names = Object.getOwnPropertyNames(Object.prototype).filter((name) => name !== "__proto__");
      for (const keys of [names, ["name", "length", "then", "toJSON", "prototype", "M", "S"]]) {
        const metadata = Object.fromEntries(keys.map((key) => [key, "Set"]));
        const execution = aCreated({ id: aNewId(), metadata });
        expect(await executions.create(execution)).toBe("created");
        expect(await executions.get(execution.id)).toEqual(execution);
        const { to } = started(execution);
        expect(await executions.apply(started(execution))).toBe("applied");
        expect((await executions.getMany([execution.id])).get(execution.id)).toEqual(to);
      }
    });

    it("are unknown until they are written, and written once", async () => {
      const executions = make();
      const execution = aCreated({ id: aNewId() });
      expect(await executions.get(execution.id)).toBeUndefined();
      expect(await executions.create(execution)).toBe("created");
      expect(await executions.create({ ...execution, functionName: "other" })).toBe("exists");
      expect(await executions.get(execution.id)).toEqual(execution);
    });

    it("are written many at once, with their postings", async () => {
      const executions = make();
      const written = Array.from({ length: 60 }, (_, index) =>
        aCreated({ id: aNewId(), metadata: { index: String(index), all: "1" } }),
      );
      expect(await executions.createMany(written)).toEqual(new Map());
      expect(await executions.getMany(written.map(({ id }) => id))).toEqual(
        new Map(written.map((execution) => [execution.id, execution])),
      );
      expect(await executions.createMany([])).toEqual(new Map());
      expect(await executions.create(written[0] as (typeof written)[0])).toBe("exists");
    });

    it("are changed by one of many who try at once", async () => {
      const executions = make();
      const execution = aCreated({ id: aNewId() });
      await executions.create(execution);
      const results = await Promise.all(Array.from({ length: 10 }, () => executions.apply(started(execution))));
      expect(results.filter((result) => result === "applied")).toHaveLength(1);
    });

    it("are not changed by who knows an older version", async () => {
      const executions = make();
      const execution = aCreated({ id: aNewId(), version: 3 });
      await executions.create(execution);
      expect(await executions.apply(started({ ...execution, version: 2 }))).toBe("lost");
      expect(await executions.get(execution.id)).toEqual(execution);
    });

    it("are read together, as far as they are there, more than a hundred at once too", async () => {
      const executions = make();
      const written = Array.from({ length: 120 }, () => aCreated({ id: aNewId() }));
      await Promise.all(written.map((execution) => executions.create(execution)));
      const [first = expect.unreachable()] = written;
      // An execution that moves from one index to another while both are read is found in both.
      const ids = [first.id, ...written.map(({ id }) => id), aNewId()];
      expect(await executions.getMany(ids)).toEqual(new Map(written.map((execution) => [execution.id, execution])));
      expect(await executions.getMany([])).toEqual(new Map());
    });

    it("that are not there are not made by a change", async () => {
      const executions = make();
      const execution = aCreated({ id: aNewId() });
      expect(await executions.apply(started(execution))).toBe("lost");
      expect(await executions.get(execution.id)).toBeUndefined();
    });
  });
}
