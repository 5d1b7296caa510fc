import { type App, Stack } from "aws-cdk-lib";
import type { LambdaCode } from "./build/build-code.ts";
import { addReplaceable, type ReplaceableProps } from "./replaceable.ts";
import { Storage } from "./storage.ts";

/**
 * Both stacks of an Epoque of its own: of what must never be lost, which does not depend on the user's functions and so
 * hardly ever changes, and of all the rest. Their names are part of the contract: renaming one would replace all it
 * holds.
 */
export function addStacks(app: App, code: LambdaCode, options: Omit<ReplaceableProps, "storage" | "code"> = {}): void {
  const kept = new Stack(app, "EpoqueKept", { description: "Epoque: tables, payloads, secrets" });
  const storage = new Storage(kept, "Storage");
  storage.exportAll();
  const replaceable = new Stack(app, "Epoque", { description: "Epoque: API, scheduling, functions" });
  addReplaceable(replaceable, { storage, code, ...options });
}
