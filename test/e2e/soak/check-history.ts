import { brokenJobs, type ShownJob } from "./check-jobs.ts";
import { brokenLists, type ReadList } from "./check-lists.ts";
import { brokenReruns } from "./check-reruns.ts";
import type { Call, History, Stored } from "./history.ts";
import { FINAL, type Shown } from "./promises.ts";

/** Reads of the API once all is at rest. */
export interface AtRest {
  /** All executions. */
  listed: readonly Shown[];
  /** The same by filters. */
  filtered: readonly ReadList[];
  jobs: readonly ShownJob[];
}

/**
 * Every promise that a history breaks, in words: what was acknowledged becomes final, an idempotency key stands for one
 * execution, an item of a batch is answered with its own, a final state stays, versions grow, re-runs and bulk jobs did
 * what they say, and the lists, read to their ends, are what the records say.
 */
export function brokenByHistory({ calls, looks }: History, { listed, filtered, jobs }: AtRest): string[] {
  const last = looks.at(-1) ?? [];
  return [
    ...acknowledgedNotFinal(calls, listed),
    ...keysWithSeveral(calls, last),
    ...brokenBatches(calls),
    ...changesOfFinal(calls),
    ...versionsBack(looks),
    ...brokenReruns(calls, last),
    ...brokenJobs(calls, jobs, last),
    ...brokenLists([{ what: "the list", listed, isMeant: () => true }, ...filtered], last),
  ];
}

function acknowledgedNotFinal(calls: readonly Call[], listed: readonly Shown[]): string[] {
  const states = new Map(listed.map(({ id, state }) => [id, state]));
  return [...new Set(calls.flatMap(acknowledged))].flatMap((id) => {
    const state = states.get(id);
    return state !== undefined && FINAL.has(state) ? [] : [`${id} was acknowledged, and is ${state ?? "lost"}`];
  });
}

// The answers of a PUT, of a batch and of a re-run name new executions.
function acknowledged(call: Call): string[] {
  if (call.path === BATCH) return itemsOf(call).flatMap(({ answered }) => (answered ? [answered.id] : []));
  const isNew = call.method === "PUT" || call.path.endsWith("/reruns");
  return isNew ? shownIn(call).map(({ id }) => id) : [];
}

/** A call that may have made an execution, by the key that its caller gave it. */
interface Keyed {
  idempotencyKey: string;
  /** Its metadata `key`, by which the execution of a call without an answer is found. */
  ownKey: string | undefined;
  ids: readonly string[];
}

function keyedOf(call: Call): Keyed[] {
  if (call.path === BATCH) {
    return itemsOf(call).flatMap(({ asked, answered }) =>
      asked.idempotency_key === undefined
        ? []
        : [{ idempotencyKey: asked.idempotency_key, ownKey: asked.metadata?.key, ids: answered ? [answered.id] : [] }],
    );
  }
  const { idempotencyKey } = call;
  if (idempotencyKey === undefined) return [];
  return [{ idempotencyKey, ownKey: (call.body as BatchItem | undefined)?.metadata?.key, ids: acknowledged(call) }];
}

function keysWithSeveral(calls: readonly Call[], records: readonly Stored[]): string[] {
  const byKey = new Map<string, Set<string>>();
  const add = (key: string, id: string) => byKey.set(key, (byKey.get(key) ?? new Set()).add(id));
  for (const { idempotencyKey, ownKey, ids } of calls.flatMap(keyedOf)) {
    for (const id of ids) add(idempotencyKey, id);
    const own = records.filter(({ metadata }) => ownKey !== undefined && metadata["key"] === ownKey);
    for (const { id } of own) add(idempotencyKey, id);
  }
  return [...byKey]
    .filter(([, ids]) => ids.size > 1)
    .map(([key, ids]) => `the idempotency key ${key} stands for ${[...ids].join(" and ")}`);
}

const BATCH = "/batch";

interface BatchItem {
  metadata?: { key?: string };
  idempotency_key?: string;
}

/** The items of a batch, each with the execution that it was answered with. */
function itemsOf({ body, outcome }: Call): { asked: BatchItem; answered: Shown | undefined }[] {
  const { executions = [] } = (body ?? {}) as { executions?: BatchItem[] };
  const isAnswered = outcome !== "unknown" && "answer" in outcome;
  const { data = [] } = (isAnswered ? outcome.answer : {}) as { data?: { execution?: Shown }[] };
  return executions.map((asked, index) => ({ asked, answered: data[index]?.execution }));
}

// Executions that were answered for are acknowledged ones: see above.
function brokenBatches(calls: readonly Call[]): string[] {
  const items = calls.filter(({ path }) => path === BATCH).flatMap(itemsOf);
  return items.flatMap(({ asked, answered }) => {
    const [own, other] = [asked.metadata?.key, answered?.metadata["key"]];
    return answered === undefined || own === other ? [] : [`the item ${own} of a batch was answered with ${other}`];
  });
}

// A later read must show what was final in an earlier one.
function changesOfFinal(calls: readonly Call[]): string[] {
  const seen = calls.flatMap((call) => {
    const { invoked, answered, path } = call;
    // Attempts are no executions, nor are bulk jobs.
    if (path.includes("attempts") || path.startsWith("/public")) return [];
    return shownIn(call).map((shown) => ({ invoked, answered: answered as number, shown }));
  });
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

/** The executions that an answer shows: one, a page, or those of a batch. */
function shownIn(call: Call): Shown[] {
  const { outcome, path } = call;
  if (path === BATCH) return itemsOf(call).flatMap(({ answered }) => answered ?? []);
  if (outcome === "unknown" || "refused" in outcome) return [];
  const { data } = (outcome.answer ?? {}) as { data?: Shown | Shown[] };
  return data === undefined ? [] : [data].flat().filter(({ id }) => id !== undefined);
}

function isSame(a: Shown, b: Shown): boolean {
  return a.state === b.state && a.attempt === b.attempt && a.finished_at === b.finished_at;
}
