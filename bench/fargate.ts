import type { Counted } from "./cost.ts";
import { times } from "./usage.ts";

/** A task of 1 vCPU and 2 GB with an address of its own, for an hour. */
const hour = { fargateProcessorHours: 1, fargateGigabyteHours: 2, publicAddressHours: 1 };

/** AWS bills a minute at least: a start, and a function that is done at once. */
const MIN_HOURS = 1 / 60;

/** Prices of tasks. They are not counted: the local cloud has nothing that takes as long as AWS does. */
export const fargate: readonly Counted[] = [
  { name: "1 vCPU, 2 GB on Fargate, an hour", n: 1, usage: hour },
  { name: "its start, at least", n: 1, usage: times(hour, MIN_HOURS) },
];
