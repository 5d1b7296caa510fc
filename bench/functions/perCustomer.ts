import { setTimeout as sleep } from "node:timers/promises";
import { defer } from "@defer/client";

/** Runs for so many milliseconds, one at a time for each customer. */
async function perCustomer(ms: number): Promise<string> {
  if (ms > 0) await sleep(ms);
  return "done";
}

export default defer(perCustomer);
export const config = { concurrency: { per: "customer", limit: 1 } };
