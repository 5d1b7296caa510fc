import { defer } from "@defer/client";

async function runners8(): Promise<number> {
  return Date.now();
}

export default defer(runners8, { concurrency: 8 });
