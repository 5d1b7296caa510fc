import type { Command } from "commander";
import type { AddVerb } from "../verb.ts";

/** Adds what is done with functions. */
export function addFunctionVerbs(program: Command, verb: AddVerb): void {
  const list = () => import("../../verbs/functions.ts");
  verb(program, "functions [name]", "lists the deployed functions, or shows one", list);
  verb(program, "pause <function...>", "lets nothing of functions start", () => import("../../verbs/pause.ts"));
  verb(program, "resume <function...>", "lets functions start again", () => import("../../verbs/resume.ts"));
}
