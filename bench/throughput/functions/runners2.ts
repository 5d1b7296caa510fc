import { defer } from "@defer/client";

async function runners2(): Promise<number> {
  return Date.now();
}

export default defer(runners2, { concurrency: 2 });
