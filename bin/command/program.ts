import { Command } from "commander";
import type { Surroundings } from "../invocation/context.ts";
import { addBulkVerbs } from "./tree/bulk.ts";
import { addExecutionVerbs } from "./tree/executions.ts";
import { addFailureVerbs } from "./tree/failures.ts";
import { addFunctionVerbs } from "./tree/functions.ts";
import { addMachineVerbs } from "./tree/machine.ts";
import { addScheduleVerbs } from "./tree/schedules.ts";
import { addTokenVerbs } from "./tree/tokens.ts";
import { addVerbFor } from "./verb.ts";

/** Returns the command line with all its verbs, to be run once. */
export function newProgram(surroundings: Surroundings): Command {
  const { terminal, now } = surroundings;
  const program = new Command("epoque")
    .description("Background functions and scheduling: runs them here, and steers deployments.")
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.warn(text.trimEnd()),
    })
    .helpCommand(false)
    .exitOverride();
  const verb = addVerbFor(surroundings);
  addExecutionVerbs(program, verb, now);
  addFailureVerbs(program, verb);
  addBulkVerbs(program, verb);
  addFunctionVerbs(program, verb);
  addScheduleVerbs(program, verb, now);
  addTokenVerbs(program, verb, now);
  addMachineVerbs(program, verb, surroundings);
  return program;
}
