import type { Command } from "commander";
import {
  collect,
  collectPair,
  count,
  jsonArray,
  momentParser,
  withAll,
  withFilters,
} from "../../invocation/options.ts";
import type { AddVerb } from "../verb.ts";

/** Adds what is done with executions. */
export function addExecutionVerbs(program: Command, verb: AddVerb, now: () => number): void {
  const ahead = momentParser(now, "ahead");

  withFilters(
    verb(program, "ls", "lists executions, newest first", () => import("../../verbs/ls.ts")),
    now,
  ).option("-n, --limit <count>", "how many", count, 20);

  verb(program, "show <id>", "shows an execution, or an attempt", () => import("../../verbs/show.ts"));

  verb(program, "logs <id>", "shows what an execution has written", () => import("../../verbs/logs.ts")).option(
    "-f, --follow",
    "goes on until it has ended",
  );

  verb(program, "tail", "shows what happens, as it happens", () => import("../../verbs/tail.ts"))
    .option("--function <name>", "of this function only; may be repeated", collect)
    .option("--no-logs", "without what the functions write");

  verb(program, "run <function> [json...]", "enqueues an execution", () => import("../../verbs/run.ts"))
    .option("--at <time>", "when it is due: 10m, 2h, or 2026-11-23T09:00:00Z", ahead)
    .option("--discard-after <time>", "when it is discarded if it has not started", ahead)
    .option("--metadata <key=value>", "its metadata; may be repeated", collectPair)
    .option("--key <key>", "its idempotency key")
    .option("-w, --wait", "shows what it writes and its result; the exit code is 1 unless it succeeds");

  withAll(
    verb(program, "cancel [id...]", "cancels executions", () => import("../../verbs/cancel.ts")),
    now,
  ).option("--force", "also stops what runs");

  const rerun = () => import("../../verbs/rerun.ts");
  withAll(verb(program, "rerun [id...]", "runs executions once more, as new ones", rerun), now)
    .option("--arguments <json>", "other arguments: a JSON array", jsonArray)
    .option("--set-metadata <key=value>", "with ids: other metadata; may be repeated", collectPair);

  const reschedule = () => import("../../verbs/reschedule.ts");
  withAll(verb(program, "reschedule [id...]", "gives waiting executions another due time", reschedule), now).option(
    "--at <time>",
    "when: 10m, 2h, or 2026-11-23T09:00:00Z (default: now)",
    ahead,
  );
}
