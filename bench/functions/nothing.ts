import { defer } from "@defer/client";

async function nothing(..._values: unknown[]): Promise<string> {
  return "done";
}

export default defer(nothing);
