import { describe, expect, it } from "vitest";
import { happenings } from "../../../bin/verbs/happenings.ts";
import { type Client, EpoqueError, type Execution, type Filters } from "../../../client/client.ts";

const OPEN = ["created", "started", "aborting"];

interface World {
  executions: Record<string, Partial<Execution>>;
  /** Lines by attempt. */
  lines: Record<string, string[]>;
  /** Whether the API answers nothing. */
  isDown?: boolean;
  /** An attempt whose lines cannot be read. */
  unreadable?: string;
}

/** Tails a world that the next step changes before each poll. */
async function tailOf(world: World, steps: ((world: World) => void)[], options = {}): Promise<string[]> {
  const stopping = new AbortController();
  const all = () => Object.entries(world.executions).map(([id, it]) => ({ id, ...it }) as Execution);
  let nowMs = 0;
  const executions = {
    async page() {
      steps.shift()?.(world);
      if (steps.length === 0) stopping.abort();
      nowMs += 10_000;
      if (world.isDown === true) throw new EpoqueError("no answer", { status: 0, code: "unreachable" });
      return { data: all().filter(({ state }) => OPEN.includes(state)) };
    },
    async *list({ created_at }: Filters) {
      const from = Number(created_at?.from as Date);
      yield* all().filter((it) => Date.parse(it.created_at) >= from);
    },
    async get(id: string) {
      const found = all().find((it) => it.id === id);
      if (found === undefined) throw new EpoqueError("gone", { status: 404, code: "not_found" });
      return found;
    },
    async logs(id: string, { after }: { after: number }) {
      const lines = world.lines[id];
      if (world.unreadable === id) throw new EpoqueError("out of order", { status: 503, code: "unavailable" });
      if (lines === undefined) throw new EpoqueError("not begun", { status: 404, code: "not_found" });
      return lines.slice(after).map((line) => ({ line }));
    },
  };
  const shown: string[] = [];
  const client = { executions } as unknown as Client;
  const happened = happenings(client, { logs: true, now: () => nowMs, signal: stopping.signal, pollMs: 0, ...options });
  for await (const it of happened) {
    const { id, state, attempt } = it.execution;
    shown.push(`${id} ${"line" in it ? it.line.line : `${state} ${attempt}`}`);
  }
  return shown;
}

const at = (seconds: number) => new Date(seconds * 1_000).toISOString();
const waiting = { state: "created", attempt: 1, created_at: at(0), scheduled_at: at(0), updated_at: at(0) } as const;
const set =
  (id: string, changes: Partial<Execution>, ...lines: [string, string[]][]) =>
  (world: World) => {
    world.executions[id] = { ...world.executions[id], ...changes };
    Object.assign(world.lines, Object.fromEntries(lines));
  };
const nothing = () => {};

describe("a tail of everything", () => {
  it("shows states and lines as they come, each once", async () => {
    const steps = [
      nothing,
      set("a", { ...waiting, created_at: at(10) }),
      set("a", { state: "started" }, ["a.1", ["one"]]),
      set("a", {}, ["a.1", ["one", "two"]]),
      set("a", { state: "succeed" }, ["a.1", ["one", "two", "three"]]),
      nothing,
    ];
    expect(await tailOf({ executions: {}, lines: {} }, steps)).toEqual([
      ...["a created 1", "a started 1", "a one", "a two", "a three", "a succeed 1"],
    ]);
  });

  it("begins with what runs, and says of it only what is new", async () => {
    const world: World = {
      executions: { old: { ...waiting, state: "failed" }, running: { ...waiting, state: "started" }, waiting },
      lines: { "running.1": ["so far"] },
    };
    const steps = [nothing, set("running", { state: "failed" }), set("waiting", { state: "cancelled" }), nothing];
    expect(await tailOf(world, steps)).toEqual(["running so far", "running failed 1", "waiting cancelled 1"]);
  });

  it("misses nothing of what waited, ran and ended between two polls, attempt by attempt", async () => {
    const world: World = { executions: { a: waiting }, lines: {} };
    const steps = [
      nothing,
      set("a", { state: "started" }, ["a.1", ["1a"]]),
      set("a", { state: "succeed", attempt: 3 }, ["a.1", ["1a", "1b"]], ["a.2", ["2"]], ["a.3", ["3"]]),
      nothing,
    ];
    expect(await tailOf(world, steps)).toEqual(["a started 1", "a 1a", "a 1b", "a 2", "a 3", "a succeed 3"]);
  });

  it("goes on when the API answers again, and has missed nothing", async () => {
    const outages: (string | undefined)[] = [];
    const down = (isDown: boolean) => (world: World) => {
      world.isDown = isDown;
    };
    const steps = [
      down(true),
      down(false),
      set("a", { ...waiting, created_at: at(30), state: "started" }, ["a.1", ["one"]]),
      down(true),
      nothing,
      (world: World) => {
        down(false)(world);
        set("a", { state: "succeed" }, ["a.1", ["one", "two"]])(world);
        set("b", { ...waiting, created_at: at(50), state: "failed" }, ["b.1", ["b"]])(world);
      },
      nothing,
    ];
    const onOutage = (reason?: Error) => void outages.push(reason?.message);
    expect(await tailOf({ executions: { old: waiting }, lines: {} }, steps, { onOutage })).toEqual([
      ...["a started 1", "a one", "a two", "a succeed 1", "b b", "b failed 1"],
    ]);
    expect(outages).toEqual(["no answer", undefined, "no answer", undefined]);
  });

  it("shows the rest of a poll that failed on the way, and nothing twice", async () => {
    const started = { ...waiting, created_at: at(10), state: "started" } as const;
    const steps = [
      nothing,
      (world: World) => {
        world.unreadable = "b.1";
        set("a", started, ["a.1", ["one"]])(world);
        set("b", started, ["b.1", ["two"]])(world);
      },
      (world: World) => {
        world.unreadable = "";
      },
      nothing,
    ];
    expect(await tailOf({ executions: {}, lines: {} }, steps)).toEqual([
      "a started 1",
      "a one",
      "b started 1",
      "b two",
    ]);
  });

  it("ends when it is refused", async () => {
    const refusal = new EpoqueError("no", { status: 403, code: "forbidden" });
    const steps = [
      () => {
        throw refusal;
      },
    ];
    await expect(tailOf({ executions: {}, lines: {} }, steps)).rejects.toBe(refusal);
  });

  it("forgets what is gone", async () => {
    const world: World = { executions: { a: waiting }, lines: {} };
    const gone = ({ executions }: World) => void delete executions["a"];
    expect(await tailOf(world, [nothing, gone, nothing])).toEqual([]);
  });
});
