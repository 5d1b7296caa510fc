// Faults planted for test/lint/wall.test.ts: every line with a marker must be reported.
import { readFile } from "node:fs/promises"; // FAULT
import type { APIGatewayProxyEventV2 } from "aws-lambda"; // FAULT
import { DynamoDBClient } from "@aws-sdk/client-dynamodb"; // FAULT
import { z } from "zod"; // FAULT
import { dispatch } from "../flows/dispatch.ts"; // FAULT
import { publishing } from "../decorators/publishing.ts"; // FAULT
import { common } from "../env/variables.ts"; // FAULT
import { createClient } from "../../client/client.ts"; // FAULT
import { randomUUID } from "node:crypto"; // FAULT
import { v4 } from "uuid"; // FAULT
import { createHash } from "node:crypto"; // allowed
import { v7 } from "uuid"; // allowed
import { shardOf } from "./ids.ts"; // allowed

export const now = Date.now(); // FAULT
export const today = new Date(); // FAULT
export const clock = Date(); // FAULT
export const id = crypto.randomUUID(); // FAULT
export const drawn = v7(); // FAULT
export const dice = Math.random(); // FAULT
export const home = process.env["HOME"]; // FAULT
export const timer = setTimeout(() => {}, 1); // FAULT
export const soon = setImmediate(() => {}); // FAULT
export const page = fetch("http://127.0.0.1"); // FAULT
export const epoch = new Date(0); // allowed
export const made = v7({ msecs: 0, random: new Uint8Array(16) }); // allowed
export const drawing: unknown[] = [publishing, createClient, randomUUID, v4];
export const used: unknown[] = [readFile, DynamoDBClient, z, dispatch, createHash, shardOf, null as APIGatewayProxyEventV2 | null, common];
