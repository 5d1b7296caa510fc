import type { Command } from "commander";
import { newContext, type Surroundings, type Verb } from "../invocation/context.ts";

/**
 * Adds a verb to the command line, such as `show <id>`, with the options that all have. Its module is loaded when it
 * runs, so that each starts fast.
 */
export type AddVerb = <Options>(
  parent: Command,
  usage: string,
  description: string,
  load: () => Promise<{ default: Verb<Options> }>,
  /** The default verb of its parent need not be typed. */
  options?: { isDefault?: boolean },
) => Command;

export function addVerbFor(surroundings: Surroundings): AddVerb {
  return <Options>(
    parent: Command,
    usage: string,
    description: string,
    load: () => Promise<{ default: Verb<Options> }>,
    { isDefault = false }: { isDefault?: boolean } = {},
  ) =>
    parent
      .command(usage, { isDefault })
      .description(description)
      .option("--json", "for programs: a line of JSON for each thing")
      .option("--profile <name>", "endpoint and token of ~/.config/epoque/<name>.env")
      .action(async (...given: unknown[]) => {
        const command = given.at(-1) as Command;
        const options = command.opts<Options & { json?: boolean; profile?: string }>();
        const { default: run } = await load();
        await run(newContext(surroundings, options), command.args, options);
      });
}
