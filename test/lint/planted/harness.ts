// Faults planted for test/lint/wall.test.ts: every line with a marker must be reported.
import { mutants } from "../test/proof/mutants.ts"; // FAULT
import { prices } from "../bench/prices.ts"; // FAULT
import { apiPage } from "../scripts/api-page.ts"; // FAULT
import { App } from "../console/src/main.tsx"; // FAULT
import { program } from "../bin/command/program.ts"; // allowed
import { startCloud } from "../local/cloud.ts"; // allowed

export const used: unknown[] = [mutants, prices, apiPage, App, program, startCloud];
