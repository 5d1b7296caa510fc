import type { System } from "../../harness/simulation/system.ts";
import type { UserCode } from "../../harness/simulation/user-code.ts";
import type { Created } from "../../lambdas/core/execution.ts";

// The functions that the scenarios run, and what they have in common.

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const DAY = 24 * 60 * MINUTE;

export const plain = "importContacts";
export const inOrder = "oneByOne";
export const twoAtMost = "twoAtMost";
export const perCustomer = "perCustomer";
export const fourASecond = "fourASecond";
export const followed = "followed";
export const quick: UserCode = { ms: 100 };
export const slow: UserCode = { ms: 20 * SECOND };

export const inMs = (system: System, ms: number) => ({ scheduledAtMs: system.time.now() + ms });

/** Ids by which `act` finds what `arrange` made. */
export const onlyId = (system: System) => [...system.records.keys()][0] as Created["id"];
