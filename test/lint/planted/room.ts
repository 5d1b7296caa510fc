// Faults planted for test/lint/wall.test.ts: every line with a marker must be reported.
import { SQSClient } from "@aws-sdk/client-sqs"; // FAULT
import { sqsDispatcher } from "../aws/dispatcher.ts"; // FAULT
import { publishing } from "../decorators/publishing.ts"; // FAULT
import { routes } from "../api/routes.ts"; // FAULT
import { Env as FireEnv } from "../fire/env.ts"; // FAULT
import { runDue } from "../run/run-due.ts"; // FAULT
import { Env as SweepEnv } from "../sweep/env.ts"; // FAULT
import { Env as BulkEnv } from "../bulk/env.ts"; // FAULT
import { Env as LaunchEnv } from "../launch/env.ts"; // FAULT
import { Cloud } from "../../local/cloud.ts"; // FAULT
import { createClient } from "../../client/client.ts"; // FAULT
import { api } from "../../console/src/api/api.ts"; // FAULT
import { claim } from "../flows/claim.ts"; // allowed
import { common } from "../env/variables.ts"; // allowed

export const used: unknown[] = [SQSClient, sqsDispatcher, routes, FireEnv, runDue, SweepEnv, BulkEnv, LaunchEnv];
export const more: unknown[] = [publishing, Cloud, createClient, api, claim, common];
