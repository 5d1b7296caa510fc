import type { Clock } from "../core/ports.ts";

/** The endpoint may not answer in the first moments. */
const MAX_TRIES = 5;

/**
 * Asks ECS for the ARN of the task that this process runs in.
 * Source: "Amazon ECS task metadata endpoint version 4".
 */
export async function findTaskArn(metadataUri: string, sleep: Clock["sleep"]): Promise<string> {
  for (let tries = 1; ; tries++) {
    try {
      const response = await fetch(`${metadataUri}/task`, { signal: AbortSignal.timeout(2_000) });
      const { TaskARN } = (await response.json()) as { TaskARN?: string };
      if (TaskARN !== undefined) return TaskARN;
      throw new Error(`the task's metadata have no ARN (${response.status})`);
    } catch (error) {
      if (tries === MAX_TRIES) throw error;
      await sleep(200 * 2 ** tries);
    }
  }
}
