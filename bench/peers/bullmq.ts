import { Beginnings, type NewJob, PAGE, type Peer, peerPackage, USERS } from "./peer.ts";
import { startRedis } from "./server.ts";

const BATCH = 1_000;

interface Data {
  key: string;
  user: string;
}

/** The part of BullMQ that is used here. */
interface Queue {
  add(name: string, data: Data, options?: object): Promise<unknown>;
  addBulk(jobs: { name: string; data: Data; opts?: object }[]): Promise<unknown>;
  getJobs(types: string[], start: number, end: number, ascending: boolean): Promise<{ data: Data }[]>;
  close(): Promise<void>;
}

interface Worker {
  waitUntilReady(): Promise<unknown>;
  close(force: boolean): Promise<void>;
}

interface Package {
  Queue: new (name: string, options: object) => Queue;
  Worker: new (name: string, handler: (job: { data: Data }) => Promise<void>, options: object) => Worker;
}

/** BullMQ on Redis. @throws Missing */
export async function startBullmq(): Promise<Peer> {
  const bullmq = (await peerPackage("bullmq")) as Package;
  const server = await startRedis();
  const connection = { host: "127.0.0.1", port: server.port };
  const beginnings = new Beginnings();
  const jobs = new bullmq.Queue("jobs", { connection });
  // Nobody works here.
  const parked = new bullmq.Queue("parked", { connection });
  const worker = new bullmq.Worker("jobs", async ({ data }) => beginnings.note(data.key), {
    connection,
    concurrency: 8,
  });
  const stop = async () => {
    await Promise.all([worker.close(true), jobs.close(), parked.close()]);
    await server.stop();
  };
  await worker.waitUntilReady();
  return {
    name: "BullMQ",
    setUp:
      "BullMQ: Redis with its log written once a second; eight jobs at once. It has no lists by what is in a job: the waiting jobs are fetched in pages of 1,000, newest first, until 50 are found.",
    async enqueue({ key, user, scheduledAtMs }: NewJob) {
      await jobs.add(
        "job",
        { key, user },
        scheduledAtMs === undefined ? {} : { delay: Math.max(0, scheduledAtMs - Date.now()) },
      );
    },
    began: (key) => beginnings.get(key),
    async seed(count, untilMs) {
      let made = 0;
      while (made < count && Date.now() < untilMs) {
        const batch = Array.from({ length: Math.min(BATCH, count - made) }, (_, index) => ({
          name: "job",
          data: { key: `seed ${made + index}`, user: String((made + index) % USERS) },
        }));
        await parked.addBulk(batch);
        made += batch.length;
      }
      return made;
    },
    async list(user) {
      let found = 0;
      for (let start = 0; found < PAGE; start += BATCH) {
        const page = await parked.getJobs(["waiting"], start, start + BATCH - 1, false);
        if (page.length === 0) break;
        found += page.filter(({ data }) => data.user === user).length;
      }
      return Math.min(found, PAGE);
    },
    stop,
  };
}
