import type { Context } from "../invocation/context.ts";
import { UsageError } from "../invocation/errors.ts";
import { type AllOptions, eachOrAll } from "./each-or-all.ts";

interface RerunOptions extends AllOptions {
  arguments?: unknown[];
  setMetadata?: [string, string][];
}

/** Runs executions once more, as new ones, with the same input or another. */
export default async function rerun(context: Context, ids: readonly string[], options: RerunOptions): Promise<void> {
  const { arguments: input, setMetadata } = options;
  if (options.all && setMetadata) throw new UsageError("--set-metadata goes with ids, not with --all");
  const other = input && { arguments: input };
  const metadata = setMetadata && { metadata: Object.fromEntries(setMetadata) };
  await eachOrAll(context, ids, options, {
    action: "rerun",
    each: (executions, id) => executions.rerun(id, { ...other, ...metadata }),
    all: (bulk, job) => bulk.rerun({ ...job, ...other }),
  });
}
