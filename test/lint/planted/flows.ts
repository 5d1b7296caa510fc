// Faults planted for test/lint/wall.test.ts: every line with a marker must be reported.
import { readFile } from "node:fs/promises"; // FAULT
import { SQSClient } from "@aws-sdk/client-sqs"; // FAULT
import * as z from "zod/mini"; // FAULT
import { createLog } from "../log/log.ts"; // FAULT
import { sqsDispatcher } from "../aws/dispatcher.ts"; // FAULT
import { routes } from "../api/routes.ts"; // FAULT
import { publishing } from "../decorators/publishing.ts"; // FAULT
import { common } from "../env/variables.ts"; // FAULT
import { api } from "../../console/src/api/api.ts"; // FAULT
import { randomBytes } from "node:crypto"; // FAULT
import { next } from "../core/transitions.ts"; // allowed

export const now = Date.now(); // FAULT
export const today = new Date(); // FAULT
export const dice = Math.random(); // FAULT
export const clock = performance.now(); // FAULT
export const timer = setTimeout(() => {}, 1); // FAULT
export const used: unknown[] = [readFile, SQSClient, z, createLog, sqsDispatcher, routes, publishing, api, randomBytes, next, common];
