// Faults planted for test/lint/wall.test.ts: every line with a marker must be reported.
import { SQSClient } from "@aws-sdk/client-sqs"; // FAULT
import { until } from "../harness/until.ts"; // FAULT
import { prices } from "../bench/prices.ts"; // FAULT
import { apiPage } from "../scripts/api-page.ts"; // FAULT
import { api } from "../console/src/api/api.ts"; // FAULT
import { claim } from "../lambdas/flows/claim.ts"; // FAULT
import { states } from "../lambdas/core/execution.ts"; // allowed
import { createClient } from "../client/client.ts"; // allowed
import { buildCode } from "../builder/build-code.ts"; // allowed
import { startCloud } from "../local/cloud.ts"; // allowed

export const used: unknown[] = [SQSClient, until, prices, apiPage, api, claim, states, createClient, buildCode, startCloud];
