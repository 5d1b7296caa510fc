// Faults planted for test/lint/wall.test.ts: every line with a marker must be reported.
import { SQSClient } from "@aws-sdk/client-sqs"; // FAULT
import { Cloud } from "../../local/cloud.ts"; // FAULT
import { sqsDispatcher } from "../aws/dispatcher.ts"; // allowed
import { claim } from "../flows/claim.ts"; // allowed

export const used: unknown[] = [SQSClient, Cloud, sqsDispatcher, claim];
