import type { Server, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { Upstream } from "../gateway/upstream.ts";
import { listen } from "../listen.ts";
import type { Backend } from "./backend.ts";

// It carries no types.
const dynalite = createRequire(import.meta.url)("dynalite") as (options: {
  path?: string;
  createTableMs: number;
  deleteTableMs: number;
  updateTableMs: number;
}) => Server;

const SETTLE_MS = 30;

/** So long it may take to come to the end of what it is doing. */
const MAX_WAIT_MS = 2_000;

/** DynamoDB by dynalite, in this process. Without transactions, TTL, streams and index capacity. */
export async function startDynalite(directory: string | undefined): Promise<Backend> {
  const server = dynalite({
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
    ...(directory !== undefined && { path: directory }),
  });
  const answered = followAnswers(server);
  const upstream = new Upstream(await listen(server, 0));
  return {
    services: { dynamodb: (_, request) => upstream.pass(request) },
    async stop() {
      upstream.close();
      // It goes on with what a killed caller had asked for, and throws where its store is closed under it.
      await Promise.race([answered(), sleep(MAX_WAIT_MS)]);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Gives what resolves when every request has got its answer, whether or not somebody is still there to take it. */
function followAnswers(server: Server): () => Promise<void> {
  const pending = new Set<Promise<void>>();
  server.prependListener("request", (_, response: ServerResponse) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    pending.add(promise);
    const end = response.end.bind(response) as (...parts: unknown[]) => ServerResponse;
    response.end = (...parts: unknown[]) => {
      pending.delete(promise);
      resolve();
      return end(...parts);
    };
  });
  return async () => {
    // What was sent before its sender was killed may still be on its way here.
    do {
      await sleep(SETTLE_MS);
      await Promise.all(pending);
    } while (pending.size > 0);
  };
}
