import type { Call, History, Stored } from "./history.ts";
import { FINAL, type Shown } from "./promises.ts";

/**
 * Every promise that a history breaks, in words: what was acknowledged becomes final, an idempotency key stands for one
 * execution, a final state stays, versions grow, and the list, read to its end, is what the records say.
 * @param listed all executions, as the pages of the list show them once all is at rest
 */
export function brokenByHistory({ calls, looks }: History, listed: readonly Shown[]): string[] {
  const last = looks.at(-1) ?? [];
  return [
    ...acknowledgedNotFinal(calls, listed),
    ...keysWithSeveral(calls, last),
    ...changesOfFinal(calls),
    ...versionsBack(looks),
    ...pagesUnlikeRecords(listed, last),
  ];
}

function acknowledgedNotFinal(calls: readonly Call[], listed: readonly Shown[]): string[] {
  const states = new Map(listed.map(({ id, state }) => [id, state]));
  return [...new Set(calls.flatMap(acknowledged))].flatMap((id) => {
    const state = states.get(id);
    return state !== undefined && FINAL.has(state) ? [] : [`${id} was acknowledged, and is ${state ?? "lost"}`];
  });
}

// The answers of a PUT and of a re-run name a new execution.
function acknowledged({ method, path, outcome }: Call): string[] {
  const isNew = method === "PUT" || path.endsWith("/reruns");
  return isNew ? shownIn(outcome).map(({ id }) => id) : [];
}

function keysWithSeveral(calls: readonly Call[], records: readonly Stored[]): string[] {
  const byKey = new Map<string, Set<string>>();
  const add = (key: string, id: string) => byKey.set(key, (byKey.get(key) ?? new Set()).add(id));
  for (const call of calls.filter((it) => it.idempotencyKey !== undefined)) {
    for (const id of acknowledged(call)) add(call.idempotencyKey as string, id);
    // A call without an answer is found by metadata that only this call has.
    const own = (call.body as { metadata?: { key?: string } } | undefined)?.metadata?.key;
    for (const { id, key } of records) if (own !== undefined && key === own) add(call.idempotencyKey as string, id);
  }
  return [...byKey]
    .filter(([, ids]) => ids.size > 1)
    .map(([key, ids]) => `the idempotency key ${key} stands for ${[...ids].join(" and ")}`);
}

// A later read must show what was final in an earlier one.
function changesOfFinal(calls: readonly Call[]): string[] {
  const seen = calls.flatMap(({ invoked, answered, outcome, path }) =>
    path.includes("attempts")
      ? []
      : shownIn(outcome).map((shown) => ({ invoked, answered: answered as number, shown })),
  );
  const byId = Map.groupBy(seen, ({ shown }) => shown.id);
  return [...byId].flatMap(([id, looks]) => {
    const final = looks.filter(({ shown }) => FINAL.has(shown.state));
    const first = final.toSorted((a, b) => a.answered - b.answered)[0];
    if (first === undefined) return [];
    const other = looks.find((it) => it.invoked > first.answered && !isSame(it.shown, first.shown));
    return other === undefined ? [] : [`${id} was ${first.shown.state}, and ${other.shown.state} after that`];
  });
}

function versionsBack(looks: readonly (readonly Stored[])[]): string[] {
  const latest = new Map<string, Stored>();
  const broken: string[] = [];
  for (const record of looks.flat()) {
    const before = latest.get(record.id);
    latest.set(record.id, record);
    if (before === undefined) continue;
    const { id, version } = record;
    if (version < before.version) broken.push(`${id} went from version ${before.version} back to ${version}`);
    else if (version > before.version && FINAL.has(before.state) && !before.waitsForFollowUp)
      broken.push(`${id} was written after it was final`);
  }
  return broken;
}

function pagesUnlikeRecords(listed: readonly Shown[], records: readonly Stored[]): string[] {
  const shown = listed.map(({ id, state, attempt, function_name }) => `${id} ${state} ${attempt} ${function_name}`);
  const stored = records.map(({ id, state, attempt, functionName }) => `${id} ${state} ${attempt} ${functionName}`);
  const inOrder = stored.toSorted().toReversed();
  return [
    ...shown.filter((it) => !stored.includes(it)).map((it) => `the list shows ${it}, the records do not`),
    ...stored.filter((it) => !shown.includes(it)).map((it) => `the list does not show ${it}`),
    ...(shown.length === stored.length && shown.join() !== inOrder.join() ? ["the list is not in order"] : []),
  ];
}

/** The executions that an answer shows: one, or a page. */
function shownIn(outcome: Call["outcome"]): Shown[] {
  if (outcome === "unknown" || "refused" in outcome) return [];
  const { data } = (outcome.answer ?? {}) as { data?: Shown | Shown[] };
  return data === undefined ? [] : [data].flat().filter(({ id }) => id !== undefined);
}

function isSame(a: Shown, b: Shown): boolean {
  return a.state === b.state && a.attempt === b.attempt && a.finished_at === b.finished_at;
}
