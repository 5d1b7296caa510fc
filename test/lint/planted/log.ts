// Faults planted for test/lint/wall.test.ts: every line with a marker must be reported.
import { SQSClient } from "@aws-sdk/client-sqs"; // FAULT
import { readFileSync } from "node:fs"; // FAULT
import { claim } from "../flows/claim.ts"; // FAULT
import { publishing } from "../decorators/publishing.ts"; // FAULT
import { common } from "../env/variables.ts"; // FAULT
import { createClient } from "../../client/client.ts"; // FAULT
import { next } from "../core/transitions.ts"; // allowed

export const used: unknown[] = [SQSClient, readFileSync, claim, publishing, next, common, createClient];
