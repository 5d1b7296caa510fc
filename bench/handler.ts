import { Session } from "node:inspector/promises";
import { type Bench, distribution, type Figure } from "./figure.ts";
import { costs } from "./handler/costs.ts";
import { type MeasuredRequest, requests } from "./handler/requests.ts";

const WARM_UP = 3_000;
const REQUESTS_A_SAMPLE = 200;
const SAMPLES = 20;
const FULL_SAMPLES = 60;
const PROFILED = 2_000;

/** Measures the processor time of our own code for each request, SDK included, network replaced. */
export const bench: Bench = async ({ full }) => {
  const figures: Figure[] = [];
  const notes = [
    `Processor time of the whole process, one request after the other; each sample is the mean of ${REQUESTS_A_SAMPLE}, after ${WARM_UP} that are not counted.`,
    "The SDK's clients do all they do, signing included; in place of the network they get answers that were made before.",
  ];
  for (const request of await requests()) {
    await repeat(request, WARM_UP);
    const samples: number[] = [];
    while (samples.length < (full ? FULL_SAMPLES : SAMPLES)) samples.push(await microsecondsEach(request));
    figures.push(distribution(request.name, "µs of processor", samples));
    notes.push(`${request.name} goes to ${await largestCosts(request)}.`);
  }
  return { figures, notes };
};

async function repeat({ run }: MeasuredRequest, times: number): Promise<void> {
  for (let done = 0; done < times; done++) await run();
}

async function microsecondsEach(request: MeasuredRequest): Promise<number> {
  const before = process.cpuUsage();
  await repeat(request, REQUESTS_A_SAMPLE);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / REQUESTS_A_SAMPLE;
}

async function largestCosts(request: MeasuredRequest): Promise<string> {
  const session = new Session();
  session.connect();
  try {
    await session.post("Profiler.enable");
    await session.post("Profiler.start");
    await repeat(request, PROFILED);
    const { profile } = await session.post("Profiler.stop");
    const largest = costs(profile).slice(0, 3);
    return largest.map(({ part, share }) => `${part} (${Math.round(share * 100)} %)`).join(", ");
  } finally {
    session.disconnect();
  }
}
