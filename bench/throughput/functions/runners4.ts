import { defer } from "@defer/client";

async function runners4(): Promise<number> {
  return Date.now();
}

export default defer(runners4, { concurrency: 4 });
