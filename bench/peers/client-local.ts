import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Beginnings, type NewJob, PAGE, type Peer, USERS } from "./peer.ts";

/** The part of the client's local backend that is used here. */
interface LocalBackend {
  start(): () => Promise<void>;
  enqueue(
    func: object,
    args: unknown[],
    scheduleFor: Date,
    discardAfter: undefined,
    metadata: Record<string, string>,
  ): Promise<unknown>;
  listExecutions(page: object, filters: object): Promise<{ data: unknown[] }>;
}

const FAR_AHEAD_MS = 3_600_000;

/** Starts `@defer/client` without a token: everything in the memory of the user's own process. */
export async function startClientLocal(): Promise<Peer> {
  // The package shows this part only by what is in the environment when it is loaded.
  const require = createRequire(import.meta.url);
  const backend = require(join(dirname(require.resolve("@defer/client")), "backend", "local.js")) as LocalBackend;
  const { log } = console;
  // It writes lines for every execution.
  console.log = () => {};
  const stopLoop = backend.start();
  const beginnings = new Beginnings();
  const run = { __fn: (key: string) => beginnings.note(key), __metadata: { name: "run" } };
  const enqueue = ({ key, user, scheduledAtMs = Date.now() }: NewJob) =>
    backend.enqueue(run, [key], new Date(scheduledAtMs), undefined, { user });
  return {
    name: "client's local backend",
    setUp:
      "The client's local backend: in this process and its memory, so it keeps nothing; it looks at every execution there ever was, in a loop.",
    async enqueue(job) {
      await enqueue(job);
    },
    began: (key) => beginnings.get(key),
    async seed(count, untilMs) {
      let made = 0;
      for (; made < count && Date.now() < untilMs; made++) {
        await enqueue({ key: `seed ${made}`, user: String(made % USERS), scheduledAtMs: Date.now() + FAR_AHEAD_MS });
      }
      return made;
    },
    async list(user) {
      const { data } = await backend.listExecutions({ first: PAGE }, { metadata: [{ key: "user", values: [user] }] });
      return data.length;
    },
    async stop() {
      await stopLoop();
      console.log = log;
    },
  };
}
