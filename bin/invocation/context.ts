import { type Client, createClient } from "../../client/client.ts";
import { printable, printableJson } from "../terminal/printable.ts";
import type { Column } from "../terminal/table.ts";
import { table } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { Failure, UsageError } from "./errors.ts";
import { readTarget, type Target } from "./target.ts";

/** The world around a command: a test has one of its own. */
export interface Surroundings {
  environment: Record<string, string | undefined>;
  directory: string;
  terminal: Terminal;
  fetch: typeof fetch;
  now: () => number;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
}

/** The surroundings of a verb, the client of its deployment, and how it shows things. */
export interface Context extends Surroundings {
  isJson: boolean;
  /** The deployment to call. */
  target(): Target;
  client(): Client;
  /** Shows a list: a table, or a line of JSON for each item. */
  list<Item>(items: readonly Item[], columns: readonly Column<Item>[], empty: string): void;
  /** Shows a thing: a line of JSON, or what `describe` returns. */
  show(value: unknown, describe: () => string): void;
  /** Asks a person before something is done. */
  confirm(question: string, isConfirmed: boolean | undefined): Promise<void>;
}

/** A verb of the command line. Everything it shows of others' text is escaped. */
export type Verb<Options> = (context: Context, args: readonly string[], options: Options) => Promise<void>;

export function newContext(
  surroundings: Surroundings,
  { json: isJson = false, profile }: { json?: boolean; profile?: string },
): Context {
  const { terminal } = surroundings;
  const target = () => readTarget(surroundings.environment, profile);
  return {
    ...surroundings,
    isJson,
    target,
    client: () => createClient({ ...target(), fetch: surroundings.fetch }),
    list(items, columns, empty) {
      if (isJson) for (const item of items) terminal.print(printableJson(item));
      else if (items.length === 0) terminal.warn(empty);
      else for (const line of table(columns, items, terminal)) terminal.print(line);
    },
    show: (value, describe) => terminal.print(isJson ? printableJson(value) : describe()),
    async confirm(question, isConfirmed) {
      if (isConfirmed) return;
      if (!terminal.isInteractive) throw new UsageError(`${printable(question)} Confirm with --yes.`);
      const answer = await terminal.ask(`${printable(question)} [y/N] `, surroundings.signal);
      if (!/^y(es)?$/i.test(answer.trim())) throw new Failure("nothing was done");
    },
  };
}
