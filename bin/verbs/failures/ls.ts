import type { FailureGroup, FailureState } from "../../../client/client.ts";
import type { Context } from "../../invocation/context.ts";
import { SHORT_FINGERPRINT } from "../../invocation/find-fingerprint.ts";
import { relative } from "../../terminal/moments.ts";
import { sparkline } from "../../terminal/sparkline.ts";
import type { Style } from "../../terminal/terminal.ts";

interface ListOptions {
  function?: string[];
  state?: FailureState[];
  limit: number;
}

const STYLES: Record<FailureState, Style> = { open: "red", resolved: "green", ignored: "dim" };

/** Lists kinds of failures, the last seen first; without a state, those that are open. */
export default async function ls(
  context: Context,
  _: readonly string[],
  { function: names, state: states = ["open"], limit }: ListOptions,
): Promise<void> {
  const client = context.client();
  const deployed = names && (await Promise.all(names.map((name) => client.functions.get(name))));
  const found: FailureGroup[] = [];
  for await (const group of client.failures.list({
    states,
    ...(deployed && { function_ids: deployed.map(({ id }) => id) }),
  })) {
    found.push(group);
    if (found.length === limit) break;
  }
  const nowMs = context.now();
  context.list(
    found,
    [
      { title: "KIND", text: ({ fingerprint }) => fingerprint.slice(0, SHORT_FINGERPRINT) },
      { title: "FUNCTION", text: (it) => it.function_name, isFlexible: true },
      { title: "STATE", text: ({ state }) => state, style: ({ state }) => STYLES[state] },
      { title: "COUNT", text: ({ count }) => count, isRight: true },
      { title: "24 HOURS", text: ({ by_hour }) => sparkline(by_hour, nowMs), style: () => "red" },
      { title: "LAST", text: (it) => relative(it.last_seen_at, nowMs), isRight: true },
      { title: "ERROR", text: (it) => `${it.error_name}: ${it.message}`.replaceAll(/\s+/g, " "), isFlexible: true },
    ],
    "no failures: all is well",
  );
}
