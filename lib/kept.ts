import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { Storage } from "./storage.ts";

/** The stack of what must never be lost. Nothing in it depends on the user's functions, so it hardly ever changes. */
export class Kept extends Stack {
  readonly storage: Storage;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    this.storage = new Storage(this, "Storage");
  }
}
