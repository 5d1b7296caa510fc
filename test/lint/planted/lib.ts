// Faults planted for test/lint/wall.test.ts: every line with a marker must be reported.
import { Cloud } from "../local/cloud.ts"; // FAULT
import { claim } from "../lambdas/flows/claim.ts"; // FAULT
import { sqsDispatcher } from "../lambdas/aws/dispatcher.ts"; // FAULT
import { SQSClient } from "@aws-sdk/client-sqs"; // FAULT
import { createClient } from "../client/client.ts"; // FAULT
import { RETENTION_DAYS } from "../lambdas/core/limits.ts"; // allowed
import { buildCode } from "../builder/build-code.ts"; // allowed

export const used: unknown[] = [Cloud, claim, sqsDispatcher, SQSClient, createClient, RETENTION_DAYS, buildCode];
