import type { Server } from "node:http";
import { createRequire } from "node:module";
import { Upstream } from "../door/upstream.ts";
import { listen } from "../listen.ts";
import type { Backend } from "./backend.ts";

// It carries no types.
const dynalite = createRequire(import.meta.url)("dynalite") as (options: {
  path?: string;
  createTableMs: number;
  deleteTableMs: number;
  updateTableMs: number;
}) => Server;

/** DynamoDB by dynalite, in this process. Without transactions, TTL, streams and index capacity. */
export async function startDynalite(directory: string | undefined): Promise<Backend> {
  const server = dynalite({
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
    ...(directory !== undefined && { path: directory }),
  });
  const upstream = new Upstream(await listen(server, 0));
  return {
    services: { dynamodb: (_, request) => upstream.pass(request) },
    async stop() {
      upstream.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
