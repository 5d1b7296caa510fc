import { once } from "node:events";
import { createServer } from "node:net";
import { findFunctions } from "../../builder/find-functions.ts";
import { listen } from "../../local/listen.ts";
import type { Flags } from "./flags.ts";

/**
 * Checks what stops a start most often, before anything is loaded and built for it.
 * @throws FunctionBuildError if there are no functions; Error with code EADDRINUSE if the port is taken
 */
export async function checkStart({ functionsDirectory, port }: Flags): Promise<void> {
  await findFunctions(functionsDirectory);
  const server = createServer();
  await listen(server, port);
  server.close();
  await once(server, "close");
}
