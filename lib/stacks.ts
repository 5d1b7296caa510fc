import type { App } from "aws-cdk-lib";
import type { LambdaCode } from "./build/build-code.ts";
import { Kept } from "./kept.ts";
import { Replaceable } from "./replaceable.ts";

/** Both stacks of an Epoque. Their names are part of the contract: renaming one would replace all it holds. */
export function addStacks(app: App, code: LambdaCode): void {
  const { storage } = new Kept(app, "EpoqueKept", { description: "Epoque: tables, payloads, secrets" });
  new Replaceable(app, "Epoque", { description: "Epoque: API, scheduling, functions", storage, code });
}
