import { Beginnings, type NewJob, PAGE, type Peer, peerPackage, USERS } from "./peer.ts";
import { startPostgres } from "./server.ts";

const QUEUE = "jobs";
const PARKED = "parked";
const BATCH = 1_000;

interface Job {
  data: { key: string; user: string };
}

/** The part of pg-boss that is used here. */
interface Boss {
  start(): Promise<unknown>;
  stop(options: { graceful: boolean }): Promise<void>;
  on(event: "error" | "warning", listener: () => void): void;
  createQueue(name: string, options: { notify: boolean }): Promise<void>;
  send(name: string, data: Job["data"], options?: { startAfter?: Date }): Promise<string | null>;
  insert(name: string, jobs: Job[]): Promise<unknown>;
  work(name: string, options: object, handler: (jobs: Job[]) => Promise<void>): Promise<string>;
  getDb(): { executeSql(text: string, values: unknown[]): Promise<{ rows: unknown[] }> };
}

/** pg-boss on PostgreSQL. @throws Missing */
export async function startPgBoss(): Promise<Peer> {
  const { PgBoss } = (await peerPackage("pg-boss")) as { PgBoss: new (options: object) => Boss };
  const server = await startPostgres();
  const connectionString = `postgres://postgres@127.0.0.1:${server.port}/postgres`;
  const boss = new PgBoss({ connectionString, useListenNotify: true });
  const beginnings = new Beginnings();
  const stop = async () => {
    await boss.stop({ graceful: false });
    await server.stop();
  };
  boss.on("error", () => {});
  boss.on("warning", () => {});
  try {
    await boss.start();
    await boss.createQueue(QUEUE, { notify: true });
    await boss.createQueue(PARKED, { notify: false });
    // The shortest intervals that it takes.
    const often = { pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: 0.5, batchSize: PAGE };
    await boss.work(QUEUE, often, async (jobs) => {
      for (const { data } of jobs) beginnings.note(data.key);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    name: "pg-boss",
    setUp:
      "pg-boss: PostgreSQL as initdb sets it up, every commit on disk; LISTEN/NOTIFY, and polling every 0.5 s, the shortest there is; lists by SQL over the job's data, without an index of the user's own.",
    async enqueue({ key, user, scheduledAtMs }: NewJob) {
      await boss.send(QUEUE, { key, user }, scheduledAtMs === undefined ? {} : { startAfter: new Date(scheduledAtMs) });
    },
    began: (key) => beginnings.get(key),
    async seed(count, untilMs) {
      let made = 0;
      while (made < count && Date.now() < untilMs) {
        const jobs = Array.from({ length: Math.min(BATCH, count - made) }, (_, index) => ({
          data: { key: `seed ${made + index}`, user: String((made + index) % USERS) },
        }));
        await boss.insert(PARKED, jobs);
        made += jobs.length;
      }
      return made;
    },
    async list(user) {
      const sql =
        "SELECT id, state, data FROM pgboss.job WHERE name = $1 AND data->>'user' = $2 ORDER BY created_on DESC LIMIT $3";
      const { rows } = await boss.getDb().executeSql(sql, [PARKED, user, PAGE]);
      return rows.length;
    },
    stop,
  };
}
