import type { Command } from "commander";
import { collect, collectFailureStates, count } from "../../invocation/options.ts";
import type { AddVerb } from "../verb.ts";

/** Adds what is done with kinds of failures. */
export function addFailureVerbs(program: Command, verb: AddVerb): void {
  const failures = program.command("failures").description("shows what fails, by its kind");
  const ls = () => import("../../verbs/failures/ls.ts");
  verb(failures, "ls", "lists kinds of failures, the last seen first", ls, { isDefault: true })
    .option("--state <state>", "open, resolved or ignored (default: open); several with commas", collectFailureStates)
    .option("--function <name>", "of this function; may be repeated", collect)
    .option("-n, --limit <count>", "how many", count, 20);
  const resolve = () => import("../../verbs/failures/resolve.ts");
  verb(failures, "resolve <kind...>", "marks them as mended; one that happens again opens by itself", resolve);
  const ignore = () => import("../../verbs/failures/ignore.ts");
  verb(failures, "ignore <kind...>", "marks them as ones that nobody need look at", ignore);
  verb(failures, "reopen <kind...>", "opens them again", () => import("../../verbs/failures/reopen.ts"));
}
