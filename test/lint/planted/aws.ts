// Faults planted for test/lint/wall.test.ts: every line with a marker must be reported.
import { SQSClient } from "@aws-sdk/client-sqs"; // allowed
import { claim } from "../flows/claim.ts"; // FAULT
import { routes } from "../api/routes.ts"; // FAULT
import { Stack } from "../../lib/stacks.ts"; // FAULT
import { createClient } from "../../client/client.ts"; // FAULT
import { publishing } from "../decorators/publishing.ts"; // allowed
import { next } from "../core/transitions.ts"; // allowed

export const used: unknown[] = [SQSClient, claim, routes, Stack, createClient, publishing, next];
