import type { Call, History, Stored } from "./history.ts";
import { brokenCapacity, FINAL, keyOf, type Note, type Shown } from "./promises.ts";

/** Limits of the functions in `test/fixtures/soak/defer`. */
const SLOTS = 2;
const RATE = { passes: 4 + 1, periodMs: 10_000 };

/** Every rule of flow control that is broken, in words: lanes, rates, debounces and follow-ups. */
export function brokenFlowControl(
  { calls, looks }: History,
  shown: readonly Shown[],
  notes: readonly Note[],
): string[] {
  const of = (name: string) => shown.filter((it) => it.function_name === name);
  const customers = Map.groupBy(of("perCustomer"), ({ metadata }) => metadata["customer"]);
  return [
    ...[...customers.values()].flatMap((executions) => {
      const keys = new Set(executions.map(keyOf));
      return brokenCapacity(
        notes.filter(({ key }) => keys.has(key)),
        SLOTS,
      );
    }),
    ...brokenRates(looks.flat()),
    ...brokenDebounces(of("digest"), calls),
    ...missingFollowUps(shown).map((id) => `${id} has no follow-up`),
    ...doubleFollowUps(of("ledger")),
  ];
}

/** The executions that have ended and whose follow-ups are not made. */
export function missingFollowUps(shown: readonly Shown[]): string[] {
  const followed = shown.filter((it) => it.function_name === "followed" && /^(succeed|failed|aborted)$/.test(it.state));
  return followed.map(({ id }) => id).filter((id) => !shown.some((it) => it.executed_by === id));
}

function doubleFollowUps(ledger: readonly Shown[]): string[] {
  const followed = ledger.map(({ executed_by }) => executed_by);
  return followed.filter((id, index) => followed.indexOf(id) < index).map((id) => `${id} has two follow-ups`);
}

// The limit counts reserved starts: what comes late may bunch.
function brokenRates(records: readonly Pick<Stored, "metadata" | "notBeforeMs">[]): string[] {
  const reserved = Map.groupBy(
    records.filter(({ notBeforeMs }) => notBeforeMs !== undefined),
    ({ metadata }) => metadata["customer"],
  );
  return [...reserved].flatMap(([rate, found]) => {
    const starts = [...new Set(found.map(({ notBeforeMs }) => Number(notBeforeMs)))].sort((a, b) => a - b);
    const broken = starts.filter((ms, index) => (starts[index + RATE.passes] ?? Infinity) - ms < RATE.periodMs);
    return broken.map((ms) => `more than ${RATE.passes} of ${rate} in a period from ${ms} on`);
  });
}

// One waits at a time, and the last call that was answered before it began gives it its arguments.
function brokenDebounces(digests: readonly Shown[], calls: readonly Call[]): string[] {
  const inOrder = digests.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const together = inOrder.filter(({ created_at }, index) => {
    const before = inOrder[index - 1];
    return before?.started_at !== undefined && created_at < before.started_at;
  });
  const answered = calls.flatMap((call) => {
    const { metadata, debounce } = (call.body ?? {}) as { metadata?: { key: string }; debounce?: object };
    if (debounce === undefined || call.outcome === "unknown" || "refused" in call.outcome) return [];
    const { id } = (call.outcome.answer as { data: Shown }).data;
    return [{ id, key: metadata?.key, invoked: call.invoked, answered: call.answered as number }];
  });
  const outdated = digests.filter((it) => {
    const own = answered.find(({ id, key }) => id === it.id && key === it.metadata["key"]);
    return own !== undefined && answered.some(({ id, invoked }) => id === it.id && invoked > own.answered);
  });
  return [
    ...together.map(({ id }) => `${id} waited beside another one of its key`),
    ...outdated.filter(({ state }) => FINAL.has(state)).map(({ id }) => `${id} has not the arguments of the last call`),
  ];
}
