import { defer } from "@defer/client";
import nothing from "./nothing.ts";

async function parent(): Promise<string> {
  await nothing("Ada", "ada@example.com");
  return "done";
}

export default defer(parent);
