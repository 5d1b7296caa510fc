/** The share of a machine that a task gets. */
export interface TaskSize {
  /** In units of 1024 for a processor. */
  cpu: number;
  memoryMegabytes: number;
}

/**
 * For each number of CPU units: the least memory, and the step to the next. Each of these is within what AWS allows for
 * the next smaller processor, too. Source: "Task size" of Amazon ECS task definition parameters for Fargate.
 */
const sizes = [
  { cpu: 256, from: 512, step: 512 },
  { cpu: 512, from: 1_024, step: 1_024 },
  { cpu: 1_024, from: 2_048, step: 1_024 },
  { cpu: 2_048, from: 4_096, step: 1_024 },
  { cpu: 4_096, from: 8_192, step: 1_024 },
  { cpu: 8_192, from: 16_384, step: 4_096 },
  { cpu: 16_384, from: 32_768, step: 8_192 },
] as const;

const MAX_MEGABYTES = 122_880;

/** Returns the smallest task with this memory, and a processor for every 2 GB of it. */
export function taskSize(memoryMegabytes: number): TaskSize {
  const [smallest] = sizes;
  const { step } = sizes.findLast(({ from }) => from <= memoryMegabytes) ?? smallest;
  const rounded = Math.min(MAX_MEGABYTES, Math.max(smallest.from, Math.ceil(memoryMegabytes / step) * step));
  const { cpu } = sizes.findLast(({ from }) => from <= rounded) ?? smallest;
  return { cpu, memoryMegabytes: rounded };
}
