import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { assemble } from "../bin/dev/assembly.ts";
import { type Cloud, startCloud } from "../local/cloud.ts";

// How late executions start, on the local cloud: npm run bench:lateness

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

interface Started {
  scheduledAtMs: number;
  startedAtMs: number;
}

const directory = await mkdtemp(join(tmpdir(), "epoque-bench-"));
const assembly = await assemble("defer", directory);
try {
  const most = 20 * SECOND_MS;
  await measure("50 set two hours ahead", 50, (now) => now + 120 * MINUTE_MS + Math.random() * most, 118 * MINUTE_MS);
  await measure("500 at random over 20 s", 500, (now) => now + 5 * SECOND_MS + Math.random() * most);
  await measure("1,000 due in the same second", 1_000, (now) => now + 20 * SECOND_MS);
} finally {
  await rm(directory, { recursive: true });
}

async function measure(name: string, count: number, dueAt: (nowMs: number) => number, leapMs = 0): Promise<void> {
  const cloud = await startCloud({ assembly: assembly.directory, port: 0, dynamodb: "dynalite", onLog: () => {} });
  try {
    const call = await caller(cloud);
    const nowMs = Date.now();
    const ids = await inParallel(count, async () => {
      const schedule_for = new Date(dueAt(nowMs)).toISOString();
      const args = ["Ada", "ada@example.com"];
      const body = { function_name: "videoTranscript", function_arguments: [args[0], args], schedule_for };
      return ((await call("PUT", "", body)) as { data: { id: string } }).data.id;
    });
    // Up to where the first leaves the timer. The clock of SQS cannot be moved: from here on it is real time.
    if (leapMs > 0) await cloud.advanceClock(leapMs - SECOND_MS);
    const all = await Promise.all(ids.map((id) => ended(call, id)));
    print(
      name,
      all.map(({ scheduledAtMs, startedAtMs }) => startedAtMs - scheduledAtMs),
    );
  } finally {
    await cloud.stop();
  }
}

type Call = (method: string, path: string, body?: unknown) => Promise<unknown>;

async function caller(cloud: Cloud): Promise<Call> {
  const { doorEndpoint: endpoint, region, operator: credentials } = cloud;
  const secrets = new SecretsManagerClient({ endpoint, region, credentials });
  const { SecretString: token } = await secrets.send(
    new GetSecretValueCommand({ SecretId: cloud.outputs["Epoque"]?.["TokenSecret"] }),
  );
  return async (method, path, body) => {
    const response = await fetch(`${cloud.apiEndpoint}/public/v2/executions${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
}

async function ended(call: Call, id: string): Promise<Started> {
  for (;;) {
    const { data } = (await call("GET", `/${id}`)) as { data: Record<string, string> };
    if (data["finished_at"] !== undefined) {
      return {
        scheduledAtMs: Date.parse(data["scheduled_at"] ?? ""),
        startedAtMs: Date.parse(data["started_at"] ?? ""),
      };
    }
    await new Promise((resolve) => setTimeout(resolve, 5_000 * (0.5 + Math.random())));
  }
}

async function inParallel<T>(count: number, make: () => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  let next = 0;
  const worker = async () => {
    while (next++ < count) made.push(await make());
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return made;
}

function print(name: string, lateness: number[]): void {
  const sorted = lateness.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  const early = sorted.filter((ms) => ms < 0).length;
  console.log(
    `${name.padEnd(30)} n ${sorted.length}  early ${early}  min ${at(0)} ms  median ${at(0.5)}  p99 ${at(0.99)}  max ${sorted.at(-1)}`,
  );
}
