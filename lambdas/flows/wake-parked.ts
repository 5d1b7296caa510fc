import type { DeployedFunction } from "../core/functions.ts";
import { newWakeJob } from "../core/jobs/wake-job.ts";
import type { Jobs } from "../core/ports.ts";
import { type SendStepPorts, sendStep } from "./send-step.ts";
import { type WakeLanesPorts, wakeSome } from "./wake-lanes.ts";

export interface WakePorts extends WakeLanesPorts, SendStepPorts {
  jobs: Jobs;
}

/**
 * Wakes what was parked while a function was paused: some at once; where there is more, by a job that goes on with it
 * step by step. One job of a function runs at a time, whoever asks.
 */
export async function wakeParked(ports: WakePorts, deployed: DeployedFunction): Promise<void> {
  if ((await wakeSome(ports, deployed)) !== "more") return;
  for (;;) {
    const previous = await ports.jobs.get(deployed.id);
    if (previous?.state === "running" || (previous !== undefined && previous.action !== "wake")) return;
    const job = newWakeJob(deployed, previous, ports.clock.now());
    const written =
      previous === undefined
        ? (await ports.jobs.create(job)) === "created"
        : (await ports.jobs.apply({ from: previous, to: job })) === "applied";
    if (written) return sendStep(ports, job);
  }
}
