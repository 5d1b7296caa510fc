import type { Scope } from "../../../client/client.ts";
import type { Context } from "../../invocation/context.ts";

interface CreateOptions {
  scope: Scope[];
  functions?: string[];
  expires?: Date;
}

/** Makes a named token and prints it: it is shown this once. */
export default async function create(
  context: Context,
  [name = ""]: readonly string[],
  { scope: scopes, functions, expires }: CreateOptions,
): Promise<void> {
  const made = await context.client().tokens.create({
    name,
    scopes,
    ...(functions && { functions }),
    ...(expires && { expires_at: expires }),
  });
  if (!context.isJson) context.terminal.warn("Keep it: it is shown this once.");
  context.show(made, () => made.token);
}
