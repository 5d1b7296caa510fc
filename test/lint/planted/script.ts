// Faults planted for test/lint/wall.test.ts: every line with a marker must be reported.
import { SQSClient } from "@aws-sdk/client-sqs"; // FAULT
import { until } from "../harness/until.ts"; // FAULT
import { prices } from "../bench/prices.ts"; // FAULT
import { openApi } from "../lambdas/api/openapi.ts"; // allowed
import { program } from "../bin/command/program.ts"; // allowed

export const used: unknown[] = [SQSClient, until, prices, openApi, program];
