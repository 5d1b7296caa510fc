// Faults planted for test/lint/wall.test.ts: every line with a marker must be reported.
import { readFile } from "node:fs/promises"; // FAULT
import { SQSClient } from "@aws-sdk/client-sqs"; // FAULT
import { functionId } from "../core/ids.ts"; // FAULT
import { Cloud } from "../../local/cloud.ts"; // FAULT
import * as z from "zod/mini"; // allowed

export const used: unknown[] = [readFile, SQSClient, functionId, Cloud, z];
