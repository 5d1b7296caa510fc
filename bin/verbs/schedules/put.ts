import type { NewSchedule } from "../../../client/client.ts";
import type { Context } from "../../invocation/context.ts";
import { parseJsonArguments } from "../../invocation/json-arguments.ts";
import { relative } from "../../terminal/moments.ts";
import { printableLine } from "../../terminal/printable.ts";

interface PutOptions {
  cron?: string;
  timezone?: string;
  every?: number;
  starts?: Date;
  ends?: Date;
  jitter?: number;
  overlap?: NonNullable<NewSchedule["overlap"]>;
  catchUp?: NonNullable<NewSchedule["catch_up"]>;
  metadata?: [string, string][];
}

/** Makes or replaces a schedule. */
export default async function put(
  context: Context,
  [name = "", functionName = "", ...texts]: readonly string[],
  options: PutOptions,
): Promise<void> {
  const { cron, timezone, every, starts, ends, jitter, overlap, catchUp, metadata } = options;
  const made = await context.client().schedules.put(name, {
    function_name: functionName,
    function_arguments: parseJsonArguments(texts),
    ...(cron !== undefined && { cron }),
    ...(timezone !== undefined && { timezone }),
    ...(every !== undefined && { every_seconds: every }),
    ...(starts && { starts_at: starts }),
    ...(ends && { ends_at: ends }),
    ...(jitter !== undefined && { jitter_seconds: jitter }),
    ...(overlap && { overlap }),
    ...(catchUp && { catch_up: catchUp }),
    ...(metadata && { metadata: Object.fromEntries(metadata) }),
  });
  context.show(
    made,
    () => `${printableLine(made.name)}  next tick ${relative(made.next_at, context.now()) || "never"}`,
  );
}
