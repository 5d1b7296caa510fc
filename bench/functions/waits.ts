import { setTimeout as sleep } from "node:timers/promises";
import { defer } from "@defer/client";

/** Runs for so many milliseconds. */
async function waits(ms: number): Promise<string> {
  await sleep(ms);
  return "done";
}

export default defer(waits);
