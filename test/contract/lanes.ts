import { describe, expect, it } from "vitest";
import { aNewId } from "../../harness/an-execution.ts";
import type { Lane, Slot } from "../../lambdas/core/lanes.ts";
import type { DueMessage, Lanes } from "../../lambdas/core/ports.ts";

/** A lane that no other test has. */
function aLane(name = "customer=acme"): Lane {
  return { functionId: crypto.randomUUID(), functionName: "importContacts", name };
}

function aSlot(changes: Partial<Slot> = {}): Slot {
  return { number: 0, executionId: aNewId(), attempt: 1, revision: 0, untilMs: Date.now() + 60_000, ...changes };
}

function aMessage(scheduledAtMs: number, changes: Partial<DueMessage> = {}): DueMessage {
  return { executionId: aNewId(), revision: 0, functionName: "importContacts", scheduledAtMs, ...changes };
}

async function marksOf(lanes: Lanes, { functionId }: Lane): Promise<string[]> {
  const names: string[] = [];
  for (let shard = 0; shard < lanes.shards; shard++) {
    for await (const page of lanes.marked(shard)) {
      names.push(...page.filter((it) => it.functionId === functionId).map(({ name }) => name));
    }
  }
  return names;
}

/** Tests the promises of every `Lanes`, for any implementation. */
export function describeLanes(name: string, make: () => Lanes): void {
  describe(`lanes on ${name}`, () => {
    it("give a slot to one of many who take it at once", async () => {
      const lanes = make();
      const lane = aLane();
      const wanted = [1, 2, 3, 4].map(() => aSlot());
      const taken = await Promise.all(wanted.map((slot) => lanes.take(lane, slot, undefined)));
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await lanes.slots(lane)).toEqual([wanted[taken.indexOf(true)]]);
    });

    it("give a slot to somebody else only as it was seen", async () => {
      const lanes = make();
      const lane = aLane();
      const [first, second, third] = [aSlot(), aSlot(), aSlot()];
      await lanes.take(lane, first, undefined);
      expect(await lanes.take(lane, second, { ...first, untilMs: 1 })).toBe(false);
      expect(await lanes.take(lane, second, first)).toBe(true);
      expect(await lanes.take(lane, third, first)).toBe(false);
      expect(await lanes.slots(lane)).toEqual([second]);
    });

    it("renew and free only what is the same attempt's and revision's: a renewal takes no slot", async () => {
      const lanes = make();
      const lane = aLane();
      const slot = aSlot();
      const longer = { ...slot, untilMs: slot.untilMs + 1 };
      await lanes.renew(lane, longer);
      expect(await lanes.slots(lane)).toEqual([]);
      await lanes.take(lane, slot, undefined);
      for (const other of [{ attempt: 2 }, { revision: 1 }, { executionId: aNewId() }]) {
        await lanes.renew(lane, { ...longer, ...other });
        await lanes.free(lane, { ...slot, ...other });
      }
      expect(await lanes.slots(lane)).toEqual([slot]);
      await lanes.renew(lane, longer);
      expect(await lanes.slots(lane)).toEqual([longer]);
      await lanes.free(lane, slot);
      expect(await lanes.slots(lane)).toEqual([]);
      await lanes.renew(lane, longer);
      expect(await lanes.slots(lane)).toEqual([]);
    });

    it("free a slot that is to be unchanged only as it was seen", async () => {
      const lanes = make();
      const lane = aLane();
      const slot = aSlot();
      await lanes.freeUnchanged(lane, slot);
      await lanes.take(lane, slot, undefined);
      for (const other of [
        { executionId: aNewId() },
        { attempt: slot.attempt + 1 },
        { revision: slot.revision + 1 },
        { untilMs: slot.untilMs + 1 },
      ]) {
        await lanes.freeUnchanged(lane, { ...slot, ...other });
      }
      expect(await lanes.slots(lane)).toEqual([slot]);
      await lanes.freeUnchanged(lane, slot);
      expect(await lanes.slots(lane)).toEqual([]);
    });

    it("know as many slots as there may be", async () => {
      const lanes = make();
      const lane = aLane("=");
      await Promise.all(Array.from({ length: 150 }, (_, number) => lanes.take(lane, aSlot({ number }), undefined)));
      expect(new Set((await lanes.slots(lane)).map(({ number }) => number)).size).toBe(150);
    });

    it("show what is parked by due time, whatever the year", async () => {
      const lanes = make();
      const lane = aLane();
      const messages = [-62_135_596_800_000, -1, 0, 999, 1_000, 253_402_300_799_999].map((ms) => aMessage(ms));
      for (const message of messages.toReversed()) await lanes.park(lane, message);
      expect(await lanes.parked(lane, 100)).toMatchObject(messages);
      expect(await lanes.parked(lane, 2)).toMatchObject(messages.slice(0, 2));
      expect(await lanes.parked(aLane(), 2)).toEqual([]);
    });

    it("hold lanes apart, whatever their values are", async () => {
      const lanes = make();
      const lane = aLane("customer=a#b=c");
      const other = { ...lane, name: "customer=a" };
      await lanes.park(lane, aMessage(1));
      await lanes.take(lane, aSlot(), undefined);
      expect([await lanes.parked(other, 1), await lanes.slots(other)]).toEqual([[], []]);
      expect(await marksOf(lanes, lane)).toEqual([lane.name]);
    });

    it("park once what is parked twice, and let one of many take it out, of that revision", async () => {
      const lanes = make();
      const lane = aLane();
      const message = aMessage(5);
      await lanes.park(lane, message);
      await lanes.park(lane, message);
      expect(await lanes.parked(lane, 10)).toMatchObject([message]);
      expect(await lanes.isParked(lane, message)).toBe(true);
      expect(await lanes.unpark(lane, { ...message, revision: 1 })).toBe(false);
      const taken = await Promise.all([1, 2, 3, 4].map(() => lanes.unpark(lane, message)));
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await lanes.isParked(lane, message)).toBe(false);
      expect(await lanes.parked(lane, 10)).toEqual([]);
    });

    it("keep what was parked again since it was read", async () => {
      const lanes = make();
      const lane = aLane();
      const message = aMessage(5);
      await lanes.park(lane, message);
      const [before] = await lanes.parked(lane, 1);
      await lanes.park(lane, message);
      expect(await lanes.unpark(lane, before ?? message)).toBe(false);
      const [again] = await lanes.parked(lane, 1);
      expect(again).toMatchObject(message);
      expect(await lanes.unpark(lane, again ?? message)).toBe(true);
      expect(await lanes.parked(lane, 1)).toEqual([]);
    });

    it("count what is parked of a function, in all its lanes, up to a number", async () => {
      const lanes = make();
      const lane = aLane();
      for (const name of [lane.name, "customer=b", "pause#1"]) {
        for (const ms of [1, 2]) await lanes.park({ ...lane, name }, aMessage(ms));
      }
      expect(await lanes.countParked(lane.functionId, 100)).toBe(6);
      expect(await lanes.countParked(lane.functionId, 5)).toBe(5);
      expect(await lanes.countParked(crypto.randomUUID(), 5)).toBe(0);
    });

    it("are marked while something may be parked, and lose a mark only if it is the last one", async () => {
      const lanes = make();
      const lane = aLane();
      expect(await lanes.mark(lane)).toBeUndefined();
      await lanes.park(lane, aMessage(1));
      const first = (await lanes.mark(lane)) ?? "";
      expect(await marksOf(lanes, lane)).toEqual([lane.name]);
      await lanes.park(lane, aMessage(2));
      await lanes.unmark(lane, first);
      const second = (await lanes.mark(lane)) ?? "";
      expect(await marksOf(lanes, lane)).toEqual([lane.name]);
      await lanes.unmark(lane, second);
      expect([await lanes.mark(lane), await marksOf(lanes, lane)]).toEqual([undefined, []]);
    });
  });
}
