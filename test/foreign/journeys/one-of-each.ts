import assert from "node:assert/strict";
import type { Check } from "../checks.ts";
import { calls } from "./deployment.ts";

/** One execution of each sample function: what is deployed works at all. */
export async function oneOfEach(check: Check): Promise<void> {
  await check("one execution of each function succeeds", async () => {
    const ids = await Promise.all([
      calls.enqueue("videoTranscript", ["https://v.test/1", ["a"]]),
      calls.enqueue("documentSummarization", ["One. Two."]),
      calls.enqueue("welcomeContact", ["Ada", "ada@example.com"]),
      calls.enqueue("importContacts", ["Bob,bob@example.com"]),
    ]);
    for (const id of ids) assert.equal((await calls.ended(id, 60_000))["state"], "succeed");
  });
}
