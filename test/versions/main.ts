import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PurgeQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { assemble } from "../../bin/dev/assembly.ts";
import { createClient } from "../../client/client.ts";
import { aCloud } from "../../harness/a-cloud.ts";
import { until } from "../../harness/until.ts";
import { checks } from "../foreign/checks.ts";
import { buildVersion } from "./build-version.ts";
import { mixVersions } from "./mix-versions.ts";
import { checkLists, checkPromises, enqueueWave, type Handed, type Promised } from "./work.ts";

// npm run test:versions [-- COMMIT]: an earlier version and this one on the same tables and queues, under load: a
// deployment, with moments in which the API is older or newer than the others, and back again.

/** The last commit before records and their index entries changed. */
const EARLIER = "bc76d41";
/** Its API does not look where fresh executions are: decision 0058. */
const UNLISTED = ["created", "started"] as const;
const MINUTE_MS = 60_000;
const PATIENCE_MS = 90_000;

const project = fileURLToPath(new URL("../..", import.meta.url));
const commit = process.argv[2] ?? EARLIER;
const functions = join(project, "test/fixtures/versions/defer");
const work = mkdtempSync(join(tmpdir(), "epoque-versions-"));
const beganAt = performance.now();
const folder = (name: string) => {
  mkdirSync(join(work, name));
  return join(work, name);
};

const built = buildVersion(project, commit, functions, folder("earlier"));
if ("missing" in built) {
  console.log(`SKIPPED  two versions on the same tables: ${built.missing}`);
  rmSync(work, { recursive: true });
  process.exit(0);
}
const earlier = built.assembly;
const now = (await assemble(functions, folder("now"))).directory;
const api = /-api$/;
const deployments: [name: string, assembly: string][] = [
  ["the earlier version", earlier],
  ["the earlier API before everything else of now", await mixVersions(now, earlier, api, join(work, "api-earlier"))],
  ["the version of now", now],
  ["the API of now before everything else of earlier", await mixVersions(earlier, now, api, join(work, "api-now"))],
  ["the earlier version again", earlier],
  ["the version of now again", now],
];

const { check, failed } = checks(console.log);
{
  await using running = await aCloud({ assembly: earlier, dynamodb: "dynalite", random: () => 0 });
  const client = createClient({ endpoint: running.cloud.apiEndpoint, token: running.token });
  const sqs = new SQSClient(running.client);
  const promised: Promised[] = [];
  let handed: Handed | undefined;
  let aheadMs = 0;
  for (const [name, assembly] of deployments) {
    await check(`deploys ${name}, while executions run`, () => running.cloud.update(assembly));
    if (handed !== undefined) await check(`${name}: takes on what was left to it`, () => takeOn(handed as Handed));
    if (handed !== undefined) await check(`${name}: ticks`, ticks);
    await check(`${name}: enqueues`, async () => {
      const wave = await enqueueWave(client, name, work, Date.now() + aheadMs);
      promised.push(...wave.promised);
      handed = wave.handed;
      await purge();
    });
  }
  await check("what was left at last", () => takeOn(handed as Handed));
  await check("everything that was acknowledged ends", () => allEnd(promised));
  for (const [name, assembly] of deployments.slice(2, 5)) {
    await check(`reads with ${name}`, async () => {
      await running.cloud.update(assembly);
      await checkPromises(client, promised);
      await checkLists(client, promised, name.startsWith("the earlier") ? UNLISTED : []);
    });
  }

  /** Waits for a tick of the schedule that every version goes on with. */
  async function ticks(): Promise<void> {
    const filters = { schedule: "every-ten-seconds", states: ["succeed" as const] };
    const from = new Date(Date.now() + aheadMs);
    const page = () => client.executions.page({ first: 1 }, { ...filters, started_at: { from } });
    await until(page, ({ data }) => data.length > 0, PATIENCE_MS);
  }

  /** Cancels and puts forward what the version before has left, and lets the sweep find what has lost its message. */
  async function takeOn({ cancel, reschedule, lost }: Handed): Promise<void> {
    await client.executions.cancel(cancel);
    await client.executions.reschedule(reschedule);
    // No worker may be taken for lost while the clock leaps.
    await allEnd(promised.filter(({ id }) => id !== lost));
    for (let minutes = 0; minutes < 12; minutes++) {
      await running.cloud.advanceClock(MINUTE_MS);
      aheadMs += MINUTE_MS;
      const hasEnded = async () => (await client.executions.get(lost)).finished_at !== undefined;
      if (await until(hasEnded, (ended) => ended, 4_000).catch(() => false)) return;
    }
    assert.fail("the sweep did not find it");
  }

  /** Takes away the messages of one function, which wait in its queue. */
  async function purge(): Promise<void> {
    const queues = running.cloud.resources.filter(
      ({ type, physicalId }) => type === "AWS::SQS::Queue" && physicalId.endsWith("-fn-lost"),
    );
    assert.equal(queues.length, 1);
    for (const { physicalId: QueueUrl } of queues) await sqs.send(new PurgeQueueCommand({ QueueUrl }));
  }

  async function allEnd(some: readonly Promised[]): Promise<void> {
    for (const { id, of } of some) {
      await until(
        () => client.executions.get(id),
        ({ finished_at }) => finished_at !== undefined,
        PATIENCE_MS,
      ).catch(() => assert.fail(`${of} does not end`));
    }
  }
}
const seconds = Math.round((performance.now() - beganAt) / 1_000);
console.log(failed() === 0 ? `PASSED in ${seconds} s` : `${failed()} FAILED in ${seconds} s`);
rmSync(work, { recursive: true });
process.exit(failed() === 0 ? 0 : 1);
