// Faults planted for test/lint/wall.test.ts: every line with a marker must be reported.
import { v7 } from "uuid"; // FAULT
import { readFile } from "node:fs/promises"; // FAULT
import { states } from "../lambdas/core/execution.ts"; // FAULT
import { json } from "./errors.ts";

export const planted = [v7, readFile, states, json];
