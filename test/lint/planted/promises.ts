// Faults planted for test/lint/wall.test.ts: every line with a marker must be reported.
import { setTimeout as sleep } from "node:timers/promises";

type State = "created" | "started" | "failed";

export async function lost(): Promise<void> {
  sleep(1); // FAULT
  [1, 2].forEach(async () => { // FAULT
    await sleep(1);
  });
  if (sleep(1)) return; // FAULT
}

export async function early(): Promise<void> {
  try {
    return sleep(1); // FAULT
  } catch {}
}

export function exhaustive(state: State): number {
  switch (state) { // FAULT
    case "created":
      return 1;
    case "started":
      return 2;
  }
  return 3;
}
