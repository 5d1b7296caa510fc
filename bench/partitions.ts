import { calm, type Ports } from "../harness/simulation/conditions.ts";
import { createSystem, START_MS } from "../harness/simulation/system.ts";
import { indexKeys } from "../lambdas/aws/dynamodb/key-schema.ts";
import type { Execution } from "../lambdas/core/execution.ts";
import { newExecutionId } from "../lambdas/core/ids.ts";
import type { Lanes } from "../lambdas/core/ports.ts";
import type { Bench, Figure } from "./figure.ts";
import { addWriteUnits, TABLE } from "./write-units.ts";

/** Units of a partition in a second. Source: DynamoDB Developer Guide, "Designing partition keys". */
const WRITES_A_SECOND = 1_000;
const READS_A_SECOND = 3_000;
/** Write units of a table in a second. Source: DynamoDB Developer Guide, "Quotas", table-level quotas on demand. */
const TABLE_WRITES_A_SECOND = 40_000;

const PER_SECOND = 10_000;
const SECONDS = 5;
const SHARDS = [4, 16, 64];
const IN_LANE = 3_000;
const SECOND_MS = 1_000;
/** More than a slot's item has. */
const SLOT_BYTES = 300;
const READ_UNIT_BYTES = 4_096;

/** Simulates DynamoDB's limits for each partition: of executions by the number of shards, and of one lane. */
export const bench: Bench = async () => ({
  figures: [...(await executions()), ...(await lane(100, 0)), ...(await lane(10, 0)), ...(await lane(20, 100))],
  notes: [
    `Executions: ${PER_SECOND.toLocaleString("en-US")} a second for ${SECONDS} s, all of one function and with one and the same pair of metadata, each created, claimed and ended within a second: the records are those that the flows write, the units of an index those of the keys that change.`,
    `A partition takes ${WRITES_A_SECOND} write units a second: where the busiest one has more, the rate that it carries is less than ${PER_SECOND}. What bursts are forgiven is left out.`,
    `The whole is the table and its indexes. The table alone: AWS lets it have ${TABLE_WRITES_A_SECOND.toLocaleString("en-US")} write units a second until it is asked for more.`,
    `A lane: ${IN_LANE.toLocaleString("en-US")} executions that are due at once, on 50 runners: fewer than 100 slots, more than 10 or 20; each call of a service takes a millisecond, and waits until the lane's partition has units left: ${WRITES_A_SECOND} to write, ${READS_A_SECOND} to read. A write whose condition fails counts as well.`,
  ],
});

async function executions(): Promise<Figure[]> {
  const versions = await versionsOfOne();
  return SHARDS.flatMap((shards) => {
    const bySecond = Array.from({ length: SECONDS }, (_, second) => unitsIn(second, versions, shards));
    const row = `${PER_SECOND.toLocaleString("en-US")}/s, ${shards} shards`;
    const figure = (name: string, value: number, unit = ""): Figure => ({ row, name, unit, value, n: SECONDS });
    const busiest = Object.keys(indexKeys).map((index) => {
      const units = bySecond.flatMap((partitions) =>
        [...partitions].filter(([partition]) => partition.startsWith(`${index} `)).map(([, count]) => count),
      );
      return [index, Math.max(0, ...units)] as const;
    });
    const most = Math.max(...busiest.map(([, units]) => units));
    const whole = bySecond.map((partitions) => [...partitions.values()].reduce((sum, units) => sum + units, 0));
    return [
      ...busiest.map(([index, units]) => figure(`busiest of ${index}`, units, "units/s")),
      figure("the whole", Math.max(...whole), "units/s"),
      figure("the table", Math.max(...bySecond.map((partitions) => partitions.get(TABLE) ?? 0)), "units/s"),
      figure("carried", Math.min(PER_SECOND, Math.floor((PER_SECOND * WRITES_A_SECOND) / most)), "/s"),
    ];
  });
}

/** The record of one execution after each write. */
async function versionsOfOne(): Promise<readonly Execution[]> {
  const system = createSystem();
  void system.enqueue("importContacts", { ms: 1 }, { metadata: { env: "prod" } });
  await system.wait(10 * SECOND_MS);
  const [versions] = system.history.versions.values();
  if (versions?.at(-1)?.state !== "succeed") throw new Error("the execution has not succeeded");
  return versions;
}

/** Write units of a second in each partition. */
function unitsIn(second: number, versions: readonly Execution[], shards: number): Map<string, number> {
  const partitions = new Map<string, number>();
  for (let count = 0; count < PER_SECOND; count++) {
    const atMs = START_MS + second * SECOND_MS + Math.floor((count * SECOND_MS) / PER_SECOND);
    const id = newExecutionId(atMs, crypto.getRandomValues(new Uint8Array(16)), versions[0]?.functionId ?? "");
    addWriteUnits(
      partitions,
      versions.map((version) => ({ ...version, id })),
      shards,
    );
  }
  return partitions;
}

async function lane(limit: number, ms: number): Promise<Figure[]> {
  let now = () => START_MS;
  let sleep = async (_ms: number) => {};
  const used = { writes: 0, reads: 0 };
  const partition = { writes: bucket(WRITES_A_SECOND), reads: bucket(READS_A_SECOND) };
  const spend = async (kind: keyof typeof used, units: number) => {
    used[kind] += units;
    await sleep(partition[kind](units, now()));
  };
  const system = createSystem({
    ...calm(),
    mutate: (ports) => ({
      ...ports,
      functions: withLimit(ports, limit),
      lanes: limited(ports.lanes, spend) as Ports["lanes"],
    }),
  });
  ({ now, sleep } = system.time);
  for (let count = 0; count < IN_LANE; count++)
    void system.enqueue("perCustomer", { ms }, { metadata: { customer: "acme" } });
  await system.settle(3_600 * SECOND_MS);
  const starts = [...system.history.versions.values()]
    .map((versions) => versions.find(({ state }) => state === "started"))
    .map((started) => (started !== undefined && "startedAtMs" in started ? Number(started.startedAtMs) : Number.NaN));
  const seconds = (Math.max(...starts) - Math.min(...starts)) / SECOND_MS;
  const row = `a lane of ${limit} slots, ${ms} ms each`;
  return [
    { row, name: "starts", unit: "/s", value: IN_LANE / seconds, n: IN_LANE },
    { row, name: "write units each", unit: "", value: used.writes / IN_LANE, n: IN_LANE },
    { row, name: "read units each", unit: "", value: used.reads / IN_LANE, n: IN_LANE },
  ];
}

function withLimit({ functions }: Ports, limit: number): Ports["functions"] {
  return new Map(
    [...functions].map(([name, it]) => [
      name,
      it.concurrency === undefined ? it : { ...it, concurrency: { ...it.concurrency, limit } },
    ]),
  );
}

/** Returns for each use of a bucket how long it has to wait until the bucket has so many units left. */
function bucket(unitsASecond: number): (units: number, nowMs: number) => number {
  let freeMs = 0;
  return (units, nowMs) => {
    freeMs = Math.max(freeMs, nowMs) + (units * SECOND_MS) / unitsASecond;
    return freeMs - nowMs;
  };
}

/** Lanes whose calls wait for units of their partition. The marker is an item of another one. */
function limited(lanes: Lanes, spend: (kind: "writes" | "reads", units: number) => Promise<void>): Lanes {
  const writes = <Args extends unknown[], Result>(act: (...args: Args) => Promise<Result>) => {
    return async (...args: Args): Promise<Result> => {
      await spend("writes", 1);
      return act(...args);
    };
  };
  return {
    ...lanes,
    async slots(lane) {
      const slots = await lanes.slots(lane);
      await spend("reads", Math.max(1, Math.ceil((slots.length * SLOT_BYTES) / READ_UNIT_BYTES)));
      return slots;
    },
    async parked(lane, limit) {
      await spend("reads", Math.ceil((limit * SLOT_BYTES) / READ_UNIT_BYTES));
      return lanes.parked(lane, limit);
    },
    async isParked(lane, message) {
      await spend("reads", 1);
      return lanes.isParked(lane, message);
    },
    take: writes(lanes.take),
    renew: writes(lanes.renew),
    free: writes(lanes.free),
    freeUnchanged: writes(lanes.freeUnchanged),
    park: writes(lanes.park),
    unpark: writes(lanes.unpark),
  };
}
