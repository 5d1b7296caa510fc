import type { Schedule } from "../../../client/client.ts";
import type { Context } from "../../invocation/context.ts";
import { relative } from "../../terminal/moments.ts";

interface ListOptions {
  prefix?: string;
  function?: string[];
  paused?: true;
}

/** Lists schedules by name, those of `defer.cron` among them. */
export default async function ls(
  context: Context,
  _: readonly string[],
  { prefix, function: names, paused }: ListOptions,
): Promise<void> {
  const client = context.client();
  const deployed = names && (await Promise.all(names.map((name) => client.functions.get(name))));
  const filters = {
    ...(prefix !== undefined && { prefix }),
    ...(paused && { paused }),
    ...(deployed && { function_ids: deployed.map(({ id }) => id) }),
  };
  const found = await Array.fromAsync(client.schedules.list(filters));
  const nowMs = context.now();
  context.list(
    found,
    [
      { title: "SCHEDULE", text: ({ name }) => name, isFlexible: true },
      { title: "FUNCTION", text: (it) => it.function_name, isFlexible: true },
      { title: "TICKS", text: ticksOf },
      { title: "NEXT", text: (it) => relative(it.next_at, nowMs), isRight: true },
      { title: "LAST", text: (it) => ("last_at" in it ? relative(it.last_at, nowMs) : undefined), isRight: true },
      { title: "", text: (it) => stateOf(it), style: () => "yellow" },
    ],
    "no schedules",
  );
}

function ticksOf(schedule: Schedule): string {
  if (schedule.cron !== undefined) return `${schedule.cron} ${schedule.timezone ?? "UTC"}`;
  return schedule.source === "api" ? `every ${schedule.every_seconds} s` : "";
}

function stateOf({ paused, source }: Schedule): string | undefined {
  if (source === "code") return "of the code";
  return paused ? "paused" : undefined;
}
