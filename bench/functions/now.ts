import { defer } from "@defer/client";

/** When it began, in milliseconds since 1970: what is measured is everything before and after. */
async function now(): Promise<number> {
  return Date.now();
}

export default defer(now);
