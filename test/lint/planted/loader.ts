// Faults planted for test/lint/wall.test.ts: every line with a marker must be reported.
import { readFileSync } from "node:fs"; // allowed
import { S3Client } from "@aws-sdk/client-s3"; // allowed
import { writeLogLine } from "../aws/log.ts"; // FAULT
import { retryDelay } from "../core/retry.ts"; // FAULT
import { unzip } from "./unzip.ts"; // allowed

export const used: unknown[] = [readFileSync, S3Client, writeLogLine, retryDelay, unzip];
