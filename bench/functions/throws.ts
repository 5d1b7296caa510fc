import { defer } from "@defer/client";

async function throws(name: string): Promise<string> {
  throw new Error(`no contact of the name ${name}`);
}

export default defer(throws);
