import { spawn } from "node:child_process";
import { once } from "node:events";
import { consoleLink } from "../invocation/console-link.ts";
import type { Context } from "../invocation/context.ts";

const OPENERS: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** Seconds in which the link must be followed. */
const VALID_SECONDS = 120;

/** Opens the console in the browser, signed in; prints the address where there is none. */
export default async function open(
  context: Context,
  _: readonly string[],
  { print = false }: { print?: boolean },
): Promise<void> {
  const url = await consoleLink(context.target(), { validSeconds: VALID_SECONDS, send: context.fetch });
  const isOpened = !print && !context.isJson && (await opened(url));
  context.show({ url }, () => (isOpened ? `opened ${new URL("/console/", url)}` : url));
}

async function opened(url: string): Promise<boolean> {
  const [program = "", ...args] = OPENERS[process.platform] ?? ["xdg-open"];
  const child = spawn(program, [...args, url], { stdio: "ignore", detached: true });
  child.unref();
  return once(child, "spawn").then(
    () => true,
    () => false,
  );
}
