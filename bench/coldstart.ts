import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { buildCode } from "../builder/build-code.ts";
import { bundle } from "../builder/bundle-handlers.ts";
import { bytesAtStart } from "../builder/code-sizes.ts";
import { serveAnswers } from "./canned/answers.ts";
import { accountWithOne, environment, firstAnswer, type Start, starts } from "./coldstart/lambdas.ts";
import { zipBytes } from "./coldstart/zip-bytes.ts";
import { type Bench, distribution, type Figure } from "./figure.ts";

const STARTS = 20;
const FULL_STARTS = 60;
const PATIENCE_MS = 20_000;
const BARE = "bare handler";
/** Bare handlers by their module in `bench/coldstart`. */
const bare = { [BARE]: "bare", "bare handler with the calls of an enqueue": "bare-calls" };

interface Sample {
  importMs: number;
  /** From the start of the process to the answer. */
  wholeMs: number;
  /** Processor time until the answer: the figure that other programs on the machine disturb least. */
  cpuMs: number;
}

/** Measures a cold start of each Lambda: its deployed bundle, in a new process, on this machine. */
export const bench: Bench = async ({ full }) => {
  const directory = await mkdtemp(join(tmpdir(), "epoque-bench-"));
  try {
    const code = await buildCode({
      functions: join(import.meta.dirname, "functions"),
      outDirectory: directory,
      platform: "host",
    });
    const bareStarts = Object.entries(bare).map(async ([name, module]) => ({
      name,
      folder: await bareFolder(directory, module),
      event: {},
    }));
    const all = [...(await Promise.all(bareStarts)), ...starts(code)];
    const samples = await measure(all, full ? FULL_STARTS : STARTS);
    return {
      figures: [...(await sizes(all)), ...all.flatMap(({ name }) => times(name, samples))],
      notes: [
        "Each start is a new process of Node; the handlers take turns, and the first turn is not counted.",
        "The bare handler makes one DynamoDB call and is bundled in the same way. Reading one makes two calls (the other one for the token), enqueueing three, run four; run also starts the user's process; the sweep asks each shard.",
        "AWS is a server in this process that answers at once, without TLS.",
      ],
    };
  } finally {
    await rm(directory, { recursive: true });
  }
};

async function bareFolder(directory: string, module: string): Promise<string> {
  const folder = join(directory, module);
  await mkdir(folder);
  const files = await bundle("../bench/coldstart", module, "index");
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(folder, name), content)));
  return folder;
}

async function measure(all: Start[], turns: number): Promise<Map<string, Sample[]>> {
  const account = await accountWithOne("nothing");
  const server = await serveAnswers(account.answers);
  const samples = new Map<string, Sample[]>(all.map(({ name }) => [name, []]));
  try {
    for (let turn = 0; turn <= turns; turn++) {
      for (const start of all) {
        account.reset();
        const sample = await coldStart(start, server.endpoint);
        if (turn > 0) samples.get(start.name)?.push(sample);
      }
    }
  } finally {
    server.close();
  }
  return samples;
}

async function coldStart({ name, folder, event }: Start, endpoint: string): Promise<Sample> {
  const begin = performance.now();
  const child = spawn(process.execPath, [firstAnswer, folder, JSON.stringify(event)], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: PATIENCE_MS,
    env: {
      ...environment,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "1024",
      AWS_ENDPOINT_URL: endpoint,
    },
  });
  let wholeMs = 0;
  // Only the last line ends in that: the handlers write to their logs before.
  child.stdout.on("data", () => {
    wholeMs = performance.now() - begin;
  });
  const lines = (await text(child.stdout)).trimEnd().split("\n");
  const { answer, ...rest } = JSON.parse(lines.at(-1) ?? "") as Omit<Sample, "wholeMs"> & { answer?: Answer };
  if (!isGood(answer)) throw new Error(`${name} did not do its work: ${lines.join("\n")}`);
  return { ...rest, wholeMs };
}

interface Answer {
  statusCode?: number;
  batchItemFailures?: unknown[];
}

function isGood(answer: Answer | undefined): boolean {
  return (answer?.statusCode ?? 200) < 300 && (answer?.batchItemFailures ?? []).length === 0;
}

async function sizes(all: Start[]): Promise<Figure[]> {
  const folders = new Map(all.map(({ name, folder }) => [folder, name.split(",")[0] ?? name]));
  const figures = [...folders].map(async ([folder, name]): Promise<Figure[]> => {
    const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile());
    const files = await Promise.all(
      names.map(async (entry) => [entry.name, await readFile(join(folder, entry.name), "utf-8")] as const),
    );
    return [
      { name: `${name}: code read at the start`, unit: "bytes", value: bytesAtStart(Object.fromEntries(files)), n: 1 },
      { name: `${name}: zip, with source maps`, unit: "bytes", value: zipBytes(files), n: 1 },
    ];
  });
  return (await Promise.all(figures)).flat();
}

function times(name: string, samples: ReadonlyMap<string, Sample[]>): Figure[] {
  const own = samples.get(name) ?? [];
  const bare = samples.get(BARE) ?? [];
  const ratio = (what: string, of: (sample: Sample) => number): Figure => ({
    name: `${name}: ${what}, medians, to the bare handler's`,
    unit: "ratio",
    value: median(own.map(of)) / median(bare.map(of)),
    n: own.length,
  });
  return [
    distribution(
      `${name}: import`,
      "ms",
      own.map(({ importMs }) => importMs),
    ),
    distribution(
      `${name}: whole process to first answer`,
      "ms",
      own.map(({ wholeMs }) => wholeMs),
    ),
    distribution(
      `${name}: processor until first answer`,
      "ms",
      own.map(({ cpuMs }) => cpuMs),
    ),
    ...(name === BARE
      ? []
      : [ratio("whole process", ({ wholeMs }) => wholeMs), ratio("processor", ({ cpuMs }) => cpuMs)]),
  ];
}

function median(samples: number[]): number {
  const figure = distribution("", "", samples);
  return "median" in figure ? figure.median : Number.NaN;
}
