// Faults planted for test/lint/wall.test.ts: every line with a marker must be reported.
import { Stack } from "aws-cdk-lib"; // FAULT
import { addStacks } from "../lib/stacks.ts"; // FAULT
import { Cloud } from "../local/cloud.ts"; // FAULT
import { claim } from "../lambdas/flows/claim.ts"; // FAULT
import { functionId } from "../lambdas/core/ids.ts"; // allowed

export const used: unknown[] = [Stack, addStacks, Cloud, claim, functionId];
