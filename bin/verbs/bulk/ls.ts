import type { BulkJob } from "../../../client/client.ts";
import type { Context } from "../../invocation/context.ts";
import { relative } from "../../terminal/moments.ts";
import type { Style } from "../../terminal/terminal.ts";

const STYLES: Record<BulkJob["state"], Style> = { running: "cyan", done: "green", stopped: "yellow", failed: "red" };

/** Lists bulk jobs, newest first. */
export default async function ls(context: Context, _: readonly string[], { limit }: { limit: number }): Promise<void> {
  const found: BulkJob[] = [];
  for await (const job of context.client().bulk.list()) {
    found.push(job);
    if (found.length === limit) break;
  }
  const nowMs = context.now();
  context.list(
    found,
    [
      { title: "ID", text: ({ id }) => id },
      { title: "ACTION", text: ({ action }) => action },
      { title: "STATE", text: ({ state }) => state, style: ({ state }) => STYLES[state] },
      { title: "MATCHED", text: ({ matched }) => matched, isRight: true },
      { title: "DONE", text: ({ done }) => done, isRight: true },
      { title: "SKIPPED", text: ({ skipped }) => skipped, isRight: true },
      { title: "FAILED", text: ({ failed }) => failed, isRight: true },
      { title: "BEGAN", text: (it) => relative(it.created_at, nowMs), isRight: true },
      { title: "BY", text: (it) => it.created_by, isFlexible: true },
    ],
    "no bulk jobs",
  );
}
