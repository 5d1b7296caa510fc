import type { Context } from "../../invocation/context.ts";
import { printableLine } from "../../terminal/printable.ts";

/** Revokes named tokens. */
export default async function rm(context: Context, names: readonly string[]): Promise<void> {
  const { tokens } = context.client();
  for (const name of names) {
    await tokens.delete(name);
    context.show({ name }, () => `${printableLine(name)}  revoked: within a minute it is good for nothing`);
  }
}
