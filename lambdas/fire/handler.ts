import { readFileSync } from "node:fs";
import { sqsClient } from "../aws/clients.ts";
import { sqsDispatcher } from "../aws/dispatcher.ts";
import { dueMessageHandler } from "../aws/due-message.ts";
import { systemClock as clock } from "../aws/system-clock.ts";
import { type DeployedFunction, functionCatalog } from "../core/functions.ts";
import { dispatch } from "../flows/dispatch.ts";
import { Env } from "./env.ts";

const env = Env.parse(process.env);
const ports = {
  clock,
  functions: functionCatalog(
    JSON.parse(readFileSync(new URL("functions.json", import.meta.url), "utf-8")) as DeployedFunction[],
  ),
  dispatcher: sqsDispatcher(sqsClient(), {
    functionPrefix: env.EPOQUE_QUEUE_URL_PREFIX,
    fire: env.EPOQUE_FIRE_QUEUE_URL,
  }),
};

/** What is due now, or within the second, goes on to its function's queue; the rest waits another round. */
export const handler = dueMessageHandler((message) => dispatch(ports, message));
