import type { Stored } from "./history.ts";
import { FINAL, type Shown } from "./promises.ts";

/** A list that was read to its end, once all was at rest. */
export interface ReadList {
  /** Its name in what is said of it. */
  what: string;
  listed: readonly Shown[];
  /** Whether the filters of the list ask for a record. */
  isMeant: (record: Stored) => boolean;
}

/** The filters by which lists are read: by each function and each state, by pairs of metadata, and by all three. */
export function filtersFor(records: readonly Stored[]): (Omit<ReadList, "listed"> & { filters: object })[] {
  const metadata = (key: string, values: readonly string[]) => ({ metadata: [{ key, values }] });
  const functions = new Map(records.map(({ functionName, functionId }) => [functionName, functionId]));
  return [
    ...[...functions].map(([name, id]) => ({
      what: `the list of ${name}`,
      filters: { function_ids: [id] },
      isMeant: ({ functionName }: Stored) => functionName === name,
    })),
    ...[...FINAL].map((wanted) => ({
      what: `the list of the ${wanted}`,
      filters: { states: [wanted] },
      isMeant: ({ state }: Stored) => state === wanted,
    })),
    ...["acme", "globex"].map((customer) => ({
      what: `the list of ${customer}`,
      filters: metadata("customer", [customer]),
      isMeant: (record: Stored) => record.metadata["customer"] === customer,
    })),
    {
      what: "the list of what has succeeded of note by two keys",
      filters: { states: ["succeed"], function_ids: [functions.get("note")], ...metadata("key", ["k0", "k1"]) },
      isMeant: ({ state, functionName, metadata: { key = "" } }) =>
        state === "succeed" && functionName === "note" && /^k[01]$/.test(key),
    },
  ];
}

/** Every list that is not what the records say, in words. */
export function brokenLists(lists: readonly ReadList[], records: readonly Stored[]): string[] {
  return lists.flatMap(({ what, listed, isMeant }) => unlikeRecords(what, listed, records.filter(isMeant)));
}

function unlikeRecords(what: string, listed: readonly Shown[], records: readonly Stored[]): string[] {
  const shown = listed.map(({ id, state, attempt, function_name }) => `${id} ${state} ${attempt} ${function_name}`);
  const stored = records.map(({ id, state, attempt, functionName }) => `${id} ${state} ${attempt} ${functionName}`);
  const inOrder = stored.toSorted().toReversed();
  return [
    ...shown.filter((it) => !stored.includes(it)).map((it) => `${what} shows ${it}, the records do not`),
    ...stored.filter((it) => !shown.includes(it)).map((it) => `${what} does not show ${it}`),
    ...(shown.length === stored.length && shown.join() !== inOrder.join() ? [`${what} is not in order`] : []),
  ];
}
