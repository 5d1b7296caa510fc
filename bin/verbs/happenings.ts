import {
  type Client,
  EpoqueError,
  type Execution,
  type Filters,
  type LogLine,
  type State,
} from "../../client/client.ts";

/** A change of an execution's state, or a line that it has written. */
export type Happening = { execution: Execution } | { execution: Execution; line: LogLine };

interface Options {
  functionIds?: string[];
  /** Whether lines are wanted, too. */
  logs: boolean;
  now: () => number;
  signal: AbortSignal;
  pollMs?: number;
  /** Called when the API no longer answers, with the reason, and with nothing when it answers again. */
  onOutage?: (reason?: EpoqueError) => void;
}

/** An execution as it was at the last poll, and how many lines of its attempt have been shown. */
interface Followed {
  execution: Execution;
  lines: number;
}

/** Clocks differ, and a list is behind by a moment. */
const OVERLAP_MS = 5_000;
/** Executions that one poll asks for by their ids; the others have their turn with the next one. */
const MAX_ASKED = 50;
const AT_ONCE = 10;
const OPEN: State[] = ["created", "started", "aborting"];

/**
 * Yields what happens from now on, until `signal` is aborted. A poll lists what was created since the last one and the
 * newest that have not ended; what has vanished from these lists is asked for by its id. While the API does not answer
 * it goes on asking, and then yields what has happened meanwhile.
 *
 * @throws EpoqueError if the API refuses what it is asked
 */
export async function* happenings(client: Client, options: Options): AsyncGenerator<Happening, void> {
  const { functionIds, now, signal, pollMs = 1_000, onOutage } = options;
  const filters: Filters = functionIds ? { function_ids: functionIds } : {};
  const followed = new Map<string, Followed>();
  const ended = new Map<string, number>();
  let sinceMs = now();
  let isFirst = true;
  let isOut = false;

  /** Yields the news of one poll; when it fails on the way, the next one yields the rest. */
  async function* poll(): AsyncGenerator<Happening, void> {
    const polledAtMs = now();
    const fromMs = sinceMs - OVERLAP_MS;
    const seen = new Map<string, Execution>();
    for (const execution of (await client.executions.page({ first: 100 }, { ...filters, states: OPEN })).data) {
      seen.set(execution.id, execution);
    }
    const created = { ...filters, created_at: { from: new Date(fromMs) } };
    for await (const execution of client.executions.list(created)) seen.set(execution.id, execution);
    for (const execution of await vanished(client, followed, seen, polledAtMs)) seen.set(execution.id, execution);

    const news = [...seen.values()].filter(({ id }) => !ended.has(id)).sort(byTime);
    for (let from = 0; from < news.length; from += AT_ONCE) {
      const some = news.slice(from, from + AT_ONCE);
      const found = await Promise.allSettled(some.map((it) => compare(client, options, followed, it, isFirst)));
      for (const each of found) if (each.status === "fulfilled") yield* each.value;
      for (const each of found) if (each.status === "rejected") throw each.reason;
    }
    for (const { id, state, created_at } of news) {
      if (OPEN.includes(state)) continue;
      followed.delete(id);
      ended.set(id, Date.parse(created_at));
    }
    // Older ones are in no list any more.
    for (const [id, createdAtMs] of ended) if (createdAtMs < fromMs - OVERLAP_MS) ended.delete(id);
    sinceMs = polledAtMs;
    isFirst = false;
  }

  while (!signal.aborted) {
    try {
      yield* poll();
      if (isOut) onOutage?.();
      isOut = false;
    } catch (error) {
      if (!isOutage(error)) throw error;
      if (!isOut && !signal.aborted) onOutage?.(error);
      isOut = true;
    }
    await pause(pollMs, signal);
  }
}

/** Whether an answer may come later: nothing came, it is out of order, or busy. */
function isOutage(error: unknown): error is EpoqueError {
  if (!(error instanceof EpoqueError)) return false;
  return error.code === "unreachable" || error.code === "too_many_requests" || error.status >= 500;
}

async function compare(
  { executions }: Client,
  { logs }: Options,
  followed: Map<string, Followed>,
  execution: Execution,
  isFirst: boolean,
): Promise<Happening[]> {
  const { id, state, attempt } = execution;
  const before = followed.get(id);
  const isNew = before === undefined;
  const found: Happening[] = [];
  let lines = isNew ? 0 : before.lines;
  const read = async (number: number) => {
    const more = logs ? await executions.logs(`${id}.${number}`, { after: lines }).catch(noneYet) : [];
    lines += more.length;
    for (const line of more) found.push({ execution, line });
  };
  // The rest of attempts that have ended since.
  for (let earlier = isNew ? attempt : before.execution.attempt; earlier < attempt; earlier++) {
    await read(earlier);
    lines = 0;
  }
  const isChanged = isNew ? !isFirst : before.execution.state !== state || before.execution.attempt !== attempt;
  const isOpen = OPEN.includes(state);
  if (isChanged && isOpen) found.push({ execution });
  if (state !== "created" && !(isNew && isFirst && !isOpen)) await read(attempt);
  if (isChanged && !isOpen) found.push({ execution });
  followed.set(id, { execution, lines });
  return found;
}

// One that ran and is in no list has ended; one that was waiting may have run between two polls.
async function vanished(
  { executions }: Client,
  followed: Map<string, Followed>,
  seen: ReadonlyMap<string, Execution>,
  nowMs: number,
): Promise<Execution[]> {
  const missing = [...followed.values()].filter(
    ({ execution: { id, state, scheduled_at } }) =>
      !seen.has(id) && (state !== "created" || Date.parse(scheduled_at) <= nowMs),
  );
  const asked = missing.slice(0, MAX_ASKED);
  const found = await Promise.all(asked.map(({ execution }) => executions.get(execution.id).catch(gone)));
  for (const it of asked) {
    // To the end of the line.
    followed.delete(it.execution.id);
    followed.set(it.execution.id, it);
  }
  return found.filter((execution) => execution !== undefined);
}

function byTime(one: Execution, other: Execution): number {
  return Date.parse(one.updated_at) - Date.parse(other.updated_at);
}

function noneYet(error: unknown): LogLine[] {
  if (error instanceof EpoqueError && error.status === 404) return [];
  throw error;
}

function gone(error: unknown): undefined {
  if (!(error instanceof EpoqueError) || error.status !== 404) throw error;
}

// An abort is no error here: it is how it ends.
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      resolve();
    };
    const timer = setTimeout(stop, ms);
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
  });
}
