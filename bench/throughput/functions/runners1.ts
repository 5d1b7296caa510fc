import { defer } from "@defer/client";

async function runners1(): Promise<number> {
  return Date.now();
}

export default defer(runners1, { concurrency: 1 });
