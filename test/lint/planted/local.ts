// Faults planted for test/lint/wall.test.ts: every line with a marker must be reported.
import { Stack } from "aws-cdk-lib"; // FAULT
import { addStacks } from "../lib/stacks.ts"; // FAULT
import { functionId } from "../lambdas/core/ids.ts"; // FAULT
import { buildCode } from "../builder/build-code.ts"; // FAULT
import { createClient } from "../client/client.ts"; // FAULT
import { SQSClient } from "@aws-sdk/client-sqs"; // allowed

export const used: unknown[] = [Stack, addStacks, functionId, buildCode, createClient, SQSClient];
