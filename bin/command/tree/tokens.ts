import type { Command } from "commander";
import { collect, collectScopes, momentParser } from "../../invocation/options.ts";
import type { AddVerb } from "../verb.ts";

/** Adds what is done with named tokens. */
export function addTokenVerbs(program: Command, verb: AddVerb, now: () => number): void {
  const tokens = program.command("tokens").description("makes and revokes named tokens");
  verb(tokens, "ls", "lists them", () => import("../../verbs/tokens/ls.ts"), { isDefault: true });
  verb(tokens, "create <name>", "makes one and prints it, this once", () => import("../../verbs/tokens/create.ts"))
    .requiredOption("--scope <scope>", "read, enqueue, control, admin; several with commas", collectScopes)
    .option("--functions <name>", "for these functions only; several with commas", collect)
    .option("--expires <time>", "when it ends: 90d, or 2026-11-23T09:00:00Z", momentParser(now, "ahead"));
  verb(tokens, "rm <name...>", "revokes them", () => import("../../verbs/tokens/rm.ts"));
}
