import type { Context } from "../../invocation/context.ts";
import { relative } from "../../terminal/moments.ts";

/** Lists the named tokens of the deployment. */
export default async function ls(context: Context): Promise<void> {
  const nowMs = context.now();
  context.list(
    await context.client().tokens.list(),
    [
      { title: "TOKEN", text: ({ name }) => name },
      { title: "SCOPES", text: ({ scopes }) => scopes.join(" ") },
      { title: "FUNCTIONS", text: ({ functions }) => functions?.join(" "), isFlexible: true },
      { title: "EXPIRES", text: (it) => relative(it.expires_at, nowMs), isRight: true },
      { title: "CREATED", text: (it) => relative(it.created_at, nowMs), isRight: true },
      { title: "BY", text: (it) => it.created_by, isFlexible: true },
    ],
    "no named tokens",
  );
}
