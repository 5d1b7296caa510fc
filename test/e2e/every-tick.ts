import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Caller, caller } from "../../harness/caller.ts";
import { until } from "../../harness/until.ts";
import { type DevProcess, readyEnvironment, startDev } from "../support/dev-process.ts";

// npm run ticks: 50 schedules in ten zones against `npm start`, which is killed in between. Every tick has to start
// once, and within a second of its time where there was a service to start it.

const { values } = parseArgs({ options: { minutes: { type: "string", default: "5" } } });
const SECOND_MS = 1_000;
const LASTING_MS = Number(values.minutes) * 60 * SECOND_MS;

const ZONES = [
  "UTC",
  "Europe/Paris",
  "America/New_York",
  "America/Sao_Paulo",
  "America/St_Johns",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Asia/Tokyo",
  "Australia/Lord_Howe",
  "Pacific/Apia",
];

/** After its start the service loads its Lambdas with the first that they do. */
const WARM_UP_MS = 10 * SECOND_MS;

/** The sweep finds within this whatever was written and not sent when the service died. */
const SWEPT_MS = 180 * SECOND_MS;

/** A schedule, and at which seconds of any minute it ticks: every zone is whole minutes off. */
interface Wanted {
  name: string;
  body: object;
  isTick: (second: number) => boolean;
}

interface Execution {
  id: string;
  state: string;
  scheduled_at: string;
  started_at?: string;
}

const wanted: Wanted[] = ZONES.flatMap((timezone, zone) => [
  { name: `every-2-${zone}`, body: { every_seconds: 2, anchor: "2026-01-01T00:00:00Z" }, isTick: (it) => it % 2 === 0 },
  {
    name: `every-15-${zone}`,
    body: { every_seconds: 15, anchor: "2026-01-01T00:00:05Z" },
    isTick: (it) => it % 15 === 5,
  },
  { name: `cron-10-${zone}`, body: { cron: `${zone}-59/10 * * * * *`, timezone }, isTick: (it) => it % 10 === zone },
  {
    name: `cron-two-${zone}`,
    body: { cron: `7,${30 + zone} * * * * *`, timezone },
    isTick: (it) => it === 7 || it === 30 + zone,
  },
  { name: `cron-minute-${zone}`, body: { cron: "* * * * *", timezone }, isTick: (it) => it === 0 },
]);

const folder = await mkdtemp(join(tmpdir(), "epoque-ticks-"));
const args = ["--functions", "bench/functions", "--data", join(folder, "data"), "--token", "local"];
let service: DevProcess = startDev(args);
try {
  const before = caller(await readyEnvironment(service));
  await warmUp(before);
  await Promise.all(wanted.map(({ name, body }) => put(before, name, body)));
  const beginMs = Date.now() + SECOND_MS;
  await sleep(LASTING_MS / 2);
  service.child.kill("SIGKILL");
  const killedMs = Date.now();
  await once(service.child, "exit");
  service = startDev(args);
  const after = caller(await readyEnvironment(service));
  const back = { fromMs: killedMs - SECOND_MS, untilMs: Date.now() + WARM_UP_MS };
  await sleep(beginMs + LASTING_MS - Date.now());
  const endMs = Date.now();
  await Promise.all(wanted.map(({ name }) => after.send("POST", `/../schedules/${name}/pause`)));
  console.log(
    `down for ${(back.untilMs - WARM_UP_MS - killedMs) / SECOND_MS} s, and ${WARM_UP_MS / SECOND_MS} s to warm up`,
  );
  await report(after, { beginMs, endMs, back });
} finally {
  await service.stop();
  await rm(folder, { recursive: true });
}

async function warmUp({ enqueue, ended }: Caller): Promise<void> {
  const ids = await Promise.all(Array.from({ length: 4 }, () => enqueue("nothing")));
  await Promise.all(ids.map((id) => ended(id, 120 * SECOND_MS)));
}

async function put({ send }: Caller, name: string, body: object): Promise<void> {
  await send("PUT", `/../schedules/${name}`, { function_name: "nothing", ...body });
}

interface Span {
  beginMs: number;
  endMs: number;
  back: { fromMs: number; untilMs: number };
}

async function report(calls: Caller, { beginMs, endMs, back }: Span): Promise<void> {
  const [lateMs, madeGoodMs]: [number[], number[]] = [[], []];
  const broken: string[] = [];
  for (const { name, isTick } of wanted) {
    const executions = await until(
      () => allOf(calls, name),
      (all) => all.every(({ state }) => state === "succeed" || state === "cancelled"),
      SWEPT_MS,
    );
    for (let tickMs = Math.ceil(beginMs / SECOND_MS) * SECOND_MS; tickMs <= endMs; tickMs += SECOND_MS) {
      if (!isTick((tickMs / SECOND_MS) % 60)) continue;
      const made = executions.filter((it) => Date.parse(it.scheduled_at) === tickMs && it.state !== "cancelled");
      const late = Date.parse(made[0]?.started_at ?? "") - tickMs;
      if (made.length !== 1) broken.push(`${name}: ${made.length} executions of ${new Date(tickMs).toISOString()}`);
      else if (tickMs >= back.fromMs && tickMs <= back.untilMs) madeGoodMs.push(late);
      else lateMs.push(late);
    }
  }
  broken.push(...lateMs.filter((ms) => ms < 0 || ms > SECOND_MS).map((ms) => `a tick started ${ms} ms after its time`));
  console.log(
    `${wanted.length} schedules in ${ZONES.length} zones, ${lateMs.length + madeGoodMs.length} ticks, each once but:`,
  );
  for (const each of broken) console.log(`  ${each}`);
  console.log(`start after the tick, in ms: ${distribution(lateMs)}`);
  console.log(`the same of ticks while the service was down or warmed up: ${distribution(madeGoodMs)}`);
  process.exitCode = broken.length === 0 ? 0 : 1;
}

async function allOf({ send }: Caller, schedule: string): Promise<Execution[]> {
  const found: Execution[] = [];
  for (let after = ""; ; ) {
    const page = (await send("GET", `?schedule=${schedule}&first=100${after}`)) as {
      data: Execution[];
      page_info: { has_next_page: boolean; end_cursor?: string };
    };
    found.push(...page.data);
    if (!page.page_info.has_next_page) return found;
    after = `&after=${page.page_info.end_cursor}`;
  }
}

function distribution(samples: number[]): string {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return `${samples.length} ticks, median ${at(0.5)}, p99 ${at(0.99)}, max ${sorted.at(-1)}`;
}
