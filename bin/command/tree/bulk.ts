import type { Command } from "commander";
import { count } from "../../invocation/options.ts";
import type { AddVerb } from "../verb.ts";

/** Adds what is done with bulk jobs. */
export function addBulkVerbs(program: Command, verb: AddVerb): void {
  const bulk = program.command("bulk").description("shows and stops jobs that act on all executions that match");
  verb(bulk, "ls", "lists them, newest first", () => import("../../verbs/bulk/ls.ts"), { isDefault: true }).option(
    "-n, --limit <count>",
    "how many",
    count,
    20,
  );
  verb(bulk, "watch <id>", "shows how one goes on until it has ended", () => import("../../verbs/bulk/watch.ts"));
  verb(bulk, "stop <id...>", "stops them; what they have done stays", () => import("../../verbs/bulk/stop.ts"));
}
