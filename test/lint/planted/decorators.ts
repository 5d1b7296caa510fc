// Faults planted for test/lint/wall.test.ts: every line with a marker must be reported.
import { SQSClient } from "@aws-sdk/client-sqs"; // FAULT
import { createHash } from "node:crypto"; // FAULT
import * as z from "zod/mini"; // FAULT
import { s3Payloads } from "../aws/payloads.ts"; // FAULT
import { claim } from "../flows/claim.ts"; // FAULT
import { common } from "../env/variables.ts"; // FAULT
import { Cloud } from "../../local/cloud.ts"; // FAULT
import { next } from "../core/transitions.ts"; // allowed
import { loggedError } from "../log/log.ts"; // allowed

export const used: unknown[] = [SQSClient, createHash, z, s3Payloads, claim, common, Cloud, next, loggedError];
