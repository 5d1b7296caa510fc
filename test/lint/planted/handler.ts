// Faults planted for test/lint/wall.test.ts: every line with a marker must be reported.
import { SQSClient } from "@aws-sdk/client-sqs"; // FAULT
import { Cloud } from "../../local/cloud.ts"; // FAULT
import { createClient } from "../../client/client.ts"; // FAULT
import { routes } from "../api/routes.ts"; // FAULT
import { Env } from "../sweep/env.ts"; // FAULT
import { sqsDispatcher } from "../aws/dispatcher.ts"; // allowed
import { claim } from "../flows/claim.ts"; // allowed
import { runDue } from "./run-due.ts"; // allowed

export const used: unknown[] = [SQSClient, Cloud, createClient, routes, Env, sqsDispatcher, claim, runDue];
