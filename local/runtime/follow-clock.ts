import { readFileSync } from "node:fs";
import { putClockForward } from "./put-clock-forward.ts";

// Preloaded (`--import`) into the processes of tasks, which run on while the clock of the cloud is moved. The name of
// the file that says how far it is ahead is in this module's own address.

/** The file is read again this often at most, when somebody asks for the time. */
const EVERY_MS = 20;

const file = new URL(import.meta.url).searchParams.get("file") ?? "";
let readAtMs = -Infinity;
let aheadMs = 0;

putClockForward(() => {
  const nowMs = performance.now();
  if (nowMs - readAtMs < EVERY_MS) return aheadMs;
  readAtMs = nowMs;
  try {
    aheadMs = Number(readFileSync(file, "utf-8"));
  } catch {
    // The cloud has ended, and this process with it.
  }
  return aheadMs;
});
