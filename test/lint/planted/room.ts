// Faults planted for test/lint/wall.test.ts: every line with a marker must be reported.
import { SQSClient } from "@aws-sdk/client-sqs"; // FAULT
import { sqsDispatcher } from "../aws/dispatcher.ts"; // FAULT
import { sweep } from "../sweep/sweep.ts"; // FAULT
import { Cloud } from "../../local/cloud.ts"; // FAULT
import { claim } from "../flows/claim.ts"; // allowed

export const used: unknown[] = [SQSClient, sqsDispatcher, sweep, Cloud, claim];
