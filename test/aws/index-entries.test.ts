import { describe, expect, it } from "vitest";
import { aCreated, aNewId, aStarted } from "../../harness/an-execution.ts";
import { fromItem, type Item, toItem } from "../../lambdas/aws/dynamodb/item.ts";
import { indexKeys } from "../../lambdas/aws/dynamodb/key-schema.ts";
import { type Execution, firstWakePlace } from "../../lambdas/core/execution.ts";
import type { ExecutionEvent } from "../../lambdas/core/transitions/event.ts";
import { recheckAtMs } from "../../lambdas/core/transitions/recheck.ts";
import { next } from "../../lambdas/core/transitions.ts";

const NOW_MS = 1_000_000_000_000;
const kept = { shards: 4, retentionDays: 30 };

function newExecution(scheduledAtMs: number) {
  const wait = { id: aNewId(NOW_MS), recheckAtMs: recheckAtMs(scheduledAtMs, NOW_MS) };
  const times = { createdAtMs: NOW_MS, attemptCreatedAtMs: NOW_MS, updatedAtMs: NOW_MS, scheduledAtMs };
  return aCreated({ ...times, ...wait, ...firstWakePlace(wait) });
}

/** Entries of an item in the indexes, by index. */
function entriesOf(item: Item | undefined): Record<string, string> {
  const entries = Object.entries(indexKeys).map(([name, { partition, sort }]) => [
    name,
    item?.[partition] === undefined || item[sort] === undefined ? "" : `${item[partition]} ${item[sort]}`,
  ]);
  return Object.fromEntries(entries.filter(([, entry]) => entry !== "")) as Record<string, string>;
}

/** Write units of a write, of an item of up to 1 KB: an entry that moves is removed and put. */
function unitsOf(before: Item | undefined, after: Item): number {
  const [old, current] = [entriesOf(before), entriesOf(after)];
  const changed = Object.keys(indexKeys).filter((name) => old[name] !== current[name]);
  return changed.reduce((sum, name) => sum + (name in old ? 1 : 0) + (name in current ? 1 : 0), 1);
}

/** Write units of an execution and of each event after it; events come so many milliseconds after the enqueue. */
function unitsOfLife(execution: Execution, ...steps: [event: ExecutionEvent, afterMs: number][]): number[] {
  let current = execution;
  const units = [unitsOf(undefined, toItem(execution, kept))];
  for (const [event, afterMs] of steps) {
    const decision = next(current, event, NOW_MS + afterMs);
    if (!("to" in decision)) throw new Error(`${event.type}: ${decision.refused}`);
    units.push(unitsOf(toItem(current, kept), toItem(decision.to, kept)));
    current = decision.to;
  }
  return units;
}

const MINUTE_MS = 60_000;
const start = (revision = 0): ExecutionEvent => ({ type: "start", revision, leaseMs: 45_000 });
const renew: ExecutionEvent = { type: "renew", attempt: 1, leaseMs: 45_000 };
const succeed = (attempt = 1): ExecutionEvent => ({ type: "finish", attempt, end: { state: "succeed" } });
const fail: ExecutionEvent = { type: "finish", attempt: 1, end: { state: "failed", errorCode: "ER0000" } };

describe("the write units", () => {
  it("of an immediate execution are nine", () => {
    expect(unitsOfLife(newExecution(NOW_MS), [start(), 100], [succeed(), 200])).toEqual([4, 3, 2]);
  });

  it.each<[string, number[], [ExecutionEvent, number][], number?]>([
    [
      "fails",
      [4, 3, 3],
      [
        [start(), 100],
        [fail, 200],
      ],
    ],
    [
      "is retried soon",
      [4, 3, 3, 3, 2],
      [
        [start(), 100],
        [{ ...fail, retryAfterMs: 30_000 } as ExecutionEvent, 200],
        [start(1), 30_200],
        [succeed(2), 30_300],
      ],
    ],
    [
      "is retried after ten minutes",
      [4, 3, 4, 3, 3],
      [
        [start(), 100],
        [{ ...fail, retryAfterMs: 600_000 } as ExecutionEvent, 200],
        [start(1), 600_200],
        [succeed(2), 600_300],
      ],
    ],
    [
      "is due in a minute",
      [4, 3, 2],
      [
        [start(), MINUTE_MS],
        [succeed(), MINUTE_MS + 100],
      ],
      MINUTE_MS,
    ],
    [
      "is due in ten minutes",
      [5, 3, 3],
      [
        [start(), 10 * MINUTE_MS],
        [succeed(), 10 * MINUTE_MS + 1],
      ],
      10 * MINUTE_MS,
    ],
    [
      "runs for longer than two minutes, at the one renewal that tells",
      [4, 3, 1, 1, 1, 4, 1, 3],
      [
        [start(), 100],
        ...[30, 60, 100, 130, 160].map((s): [ExecutionEvent, number] => [renew, s * 1_000]),
        [succeed(), 170_000],
      ],
    ],
    [
      "is found waiting in a backlog",
      [4, 4, 5, 3],
      [
        [{ type: "wait" }, MINUTE_MS],
        [start(), 2 * MINUTE_MS],
        [succeed(), 2 * MINUTE_MS + 100],
      ],
    ],
    ["is cancelled", [4, 3], [[{ type: "cancel", force: false }, 100]]],
  ])("of one that %s", (_, units, steps, afterMs = 0) => {
    expect(unitsOfLife(newExecution(NOW_MS + afterMs), ...steps)).toEqual(units);
  });
});

describe("a record of a release that knew no fresh ones", () => {
  const shard = "2";
  const id = `${aNewId(NOW_MS).slice(0, -1)}2`;
  const itemOf = ({ state, id: _, ...data }: Execution, entries: Item): Item => ({ ...entries, id, state, data });

  it.each([
    [aCreated({ recheckAtMs: NOW_MS + MINUTE_MS }), { wake_at: NOW_MS + MINUTE_MS }],
    [aStarted({ leaseUntilMs: NOW_MS + 45_000, indexedWakeAtMs: NOW_MS + 1 }), { wake_at: NOW_MS + 1 }],
    // Written by that release, of one that had been fresh.
    [aStarted({ leaseUntilMs: NOW_MS + 45_000, fresh: true }), { wake_at: NOW_MS + MINUTE_MS }],
  ])("keeps entries in which it is found, %#", (execution, { wake_at }) => {
    const before = itemOf(execution, { state_shard: `${execution.state}#${shard}`, wake_shard: shard, wake_at });
    const read = fromItem(before) as Execution;
    const event: ExecutionEvent = execution.state === "created" ? start() : renew;
    const decision = next(read, event, NOW_MS);
    if (!("to" in decision)) return expect.unreachable();
    const after = entriesOf(toItem(decision.to, kept));
    if (decision.to.fresh) expect(after["state"]).toBe(`fresh#started#${shard} ${id}`);
    else expect(after).toMatchObject({ state: `started#${shard} ${id}`, wake: `${shard} ${wake_at}` });
  });
});
