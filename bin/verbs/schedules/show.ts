import type { Context } from "../../invocation/context.ts";
import { relative } from "../../terminal/moments.ts";
import { printable } from "../../terminal/printable.ts";

/** Shows a schedule and its next ticks. */
export default async function show(context: Context, [name = ""]: readonly string[]): Promise<void> {
  const { schedules } = context.client();
  const [schedule, next] = await Promise.all([schedules.get(name), schedules.next(name)]);
  const { style } = context.terminal;
  context.show({ schedule, next }, () =>
    [
      printable(JSON.stringify(schedule, null, 2)),
      "",
      style("dim", "next ticks"),
      ...next.map((tick) => `${tick}  ${style("dim", relative(tick, context.now()))}`),
    ].join("\n"),
  );
}
