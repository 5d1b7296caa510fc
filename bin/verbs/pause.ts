import type { Context } from "../invocation/context.ts";
import { printableLine } from "../terminal/printable.ts";

/** Lets nothing of functions start, until they are resumed. */
export default async function pause(context: Context, names: readonly string[]): Promise<void> {
  const { functions } = context.client();
  for (const name of names) {
    const paused = await functions.pause(name);
    context.show(paused, () => `${printableLine(paused.name)}  paused: nothing starts within ten seconds from now`);
  }
}
