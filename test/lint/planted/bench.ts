// Faults planted for test/lint/wall.test.ts: every line with a marker must be reported.
import { mutants } from "../test/proof/mutants.ts"; // FAULT
import { apiPage } from "../scripts/api-page.ts"; // FAULT
import { until } from "../harness/until.ts"; // allowed
import { startCloud } from "../local/cloud.ts"; // allowed

export const used: unknown[] = [mutants, apiPage, until, startCloud];
