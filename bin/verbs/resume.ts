import type { Context } from "../invocation/context.ts";
import { printableLine } from "../terminal/printable.ts";

/** Lets functions start again. */
export default async function resume(context: Context, names: readonly string[]): Promise<void> {
  const { functions } = context.client();
  for (const name of names) {
    const resumed = await functions.resume(name);
    context.show(resumed, () => `${printableLine(resumed.name)}  resumed`);
  }
}
