import { Beginnings, type NewJob, PAGE, type Peer, peerPackage, USERS } from "./peer.ts";
import { startPostgres } from "./server.ts";

const TASK = "job";
const PARKED = "parked";
const BATCH = 1_000;

interface Payload {
  key: string;
  user: string;
}

/** A connection of `pg`, which Graphile Worker hands out. */
interface Connection {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

interface Utilities {
  addJob(task: string, payload: Payload, options?: { runAt?: Date }): Promise<unknown>;
  addJobs(jobs: { identifier: string; payload: Payload; runAt: Date }[]): Promise<unknown>;
  withPgClient<Result>(use: (connection: Connection) => Promise<Result>): Promise<Result>;
  release(): Promise<void>;
}

/** The part of Graphile Worker that is used here. */
interface Worker {
  run(options: object): Promise<{ stop(): Promise<void> }>;
  makeWorkerUtils(options: object): Promise<Utilities>;
  Logger: new (factory: () => () => void) => object;
}

/** Graphile Worker on PostgreSQL. @throws Missing */
export async function startGraphileWorker(): Promise<Peer> {
  const { run, makeWorkerUtils, Logger } = (await peerPackage("graphile-worker")) as Worker;
  const server = await startPostgres();
  const connectionString = `postgres://postgres@127.0.0.1:${server.port}/postgres`;
  const beginnings = new Beginnings();
  const logger = new Logger(() => () => {});
  const taskList = { [TASK]: ({ key }: Payload) => beginnings.note(key) };
  const options = { connectionString, logger };
  const started: (() => Promise<unknown>)[] = [() => server.stop()];
  const stop = async () => {
    for (const end of started.reverse()) await end();
  };
  try {
    const utilities = await makeWorkerUtils(options);
    started.push(() => utilities.release());
    const runner = await run({ ...options, taskList, concurrency: PAGE, pollInterval: 500, noHandleSignals: true });
    started.push(() => runner.stop());
    const payloadOf = ({ key, user }: NewJob) => ({ key, user });
    return {
      name: "Graphile Worker",
      setUp:
        "Graphile Worker: PostgreSQL as initdb sets it up, every commit on disk; LISTEN/NOTIFY, and polling every 0.5 s; lists by SQL over the job's payload, without an index of the user's own.",
      async enqueue(job) {
        const { scheduledAtMs } = job;
        await utilities.addJob(
          TASK,
          payloadOf(job),
          scheduledAtMs === undefined ? {} : { runAt: new Date(scheduledAtMs) },
        );
      },
      began: (key) => beginnings.get(key),
      async seed(count, untilMs) {
        let made = 0;
        // No worker takes this task.
        while (made < count && Date.now() < untilMs) {
          const jobs = Array.from({ length: Math.min(BATCH, count - made) }, (_, index) => ({
            identifier: PARKED,
            payload: { key: `seed ${made + index}`, user: String((made + index) % USERS) },
            runAt: new Date(),
          }));
          await utilities.addJobs(jobs);
          made += jobs.length;
        }
        return made;
      },
      async list(user) {
        const sql = `SELECT jobs.id, payload FROM graphile_worker._private_jobs AS jobs
          JOIN graphile_worker._private_tasks AS tasks ON tasks.id = jobs.task_id
          WHERE tasks.identifier = $1 AND payload->>'user' = $2 ORDER BY jobs.created_at DESC LIMIT $3`;
        const { rows } = await utilities.withPgClient((connection) => connection.query(sql, [PARKED, user, PAGE]));
        return rows.length;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
