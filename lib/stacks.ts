import { type App, Stack } from "aws-cdk-lib";
import type { LambdaCode } from "../builder/build-code.ts";
import { setNamePrefix } from "./naming.ts";
import { addStatelessResources, type StatelessProps } from "./stateless.ts";
import { Storage, type StorageProps } from "./storage.ts";

type StacksOptions = Omit<StatelessProps, "storage" | "code"> & StorageProps;

/**
 * Both stacks of an Epoque of its own: of what must never be lost, which does not depend on the user's functions and so
 * hardly ever changes, and of all the rest. Their names are part of the contract: renaming one would replace all it
 * holds.
 */
export function addStacks(app: App, code: LambdaCode, { retentionDays, ...options }: StacksOptions = {}): void {
  const stateful = new Stack(app, "Epoque-stateful", { description: "Epoque: tables, payloads, secrets" });
  const storage = new Storage(stateful, "Storage", { retentionDays });
  storage.exportAll();
  const stateless = new Stack(app, "Epoque-stateless", { description: "Epoque: API, scheduling, functions" });
  setNamePrefix(stateless, "Epoque");
  addStatelessResources(stateless, { storage, code, ...options });
}
