import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { memoryApi } from "../support/api.ts";
import { type ClientVersion, clientVersions } from "../support/client-versions.ts";

// Every client calls the API over ports in memory, by HTTP as in an app.

type Call = (...args: unknown[]) => Promise<{ id: string; state?: string }>;

/** Exports of the client's versions; older ones have fewer. */
interface Client {
  configure?: (options: { endpoint: string; accessToken: string }) => void;
  defer: (fn: unknown) => Call;
  delay: (deferred: Call, delay: string | Date) => Call;
  addMetadata?: (deferred: Call, metadata: Record<string, string>) => Call;
  getExecution: (id: string) => Promise<{ id: string; state: string }>;
  cancelExecution?: (id: string) => Promise<unknown>;
  rescheduleExecution?: (id: string, at: Date) => Promise<unknown>;
  getExecutionTries?: (id: string) => Promise<{ state: string }[] | { data: { state: string }[] }>;
  reRunExecution?: Call;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const call = { method: request.method ?? "", path: request.url ?? "", headers };
  const result = await api.call(body === "" ? call : { ...call, body });
  response.writeHead(result.statusCode ?? 200, result.headers as Record<string, string>).end(result.body);
}

let api: ReturnType<typeof memoryApi>;
let server: Server;
let endpoint: string;

beforeEach(async () => {
  api = memoryApi();
  server = createServer((request, response) => void answer(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv("DEFER_ENDPOINT", endpoint);
  vi.stubEnv("DEFER_TOKEN", "current");
});

afterEach(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

describe("callers with every version of the client", () => {
  it.each(Object.entries(clientVersions) as [ClientVersion, string][])("%s", async (_, installed) => {
    const client = (await import(installed)) as Client;
    // 1.1 knows no DEFER_ENDPOINT.
    client.configure?.({ endpoint, accessToken: "current" });
    const importContacts = client.defer(async function importContacts() {});

    const { id } = await importContacts("Ada", { n: 1 });
    expect(api.ports.executions.records.get(id)).toMatchObject({
      functionName: "importContacts",
      arguments: { inline: '["Ada",{"n":1}]' },
      state: "created",
    });
    expect(await client.getExecution(id)).toMatchObject({ id, state: "created" });

    const at = new Date(Date.now() + 3_600_000);
    const later = await client.delay(importContacts, at)();
    expect(api.ports.executions.records.get(later.id)).toMatchObject({ scheduledAtMs: at.getTime() });

    if (client.addMetadata !== undefined) {
      const tagged = await client.addMetadata(importContacts, { user: "42" })();
      expect(api.ports.executions.records.get(tagged.id)).toMatchObject({ metadata: { user: "42" } });
    }
    if (client.rescheduleExecution !== undefined) {
      await client.rescheduleExecution(later.id, new Date(at.getTime() + 1000));
      expect(api.ports.executions.records.get(later.id)).toMatchObject({ scheduledAtMs: at.getTime() + 1000 });
    }
    if (client.getExecutionTries !== undefined) {
      const tries = await client.getExecutionTries(later.id);
      expect("data" in tries ? tries.data : tries).toMatchObject([{ state: "created" }]);
    }
    if (client.cancelExecution !== undefined) {
      await client.cancelExecution(later.id);
      expect(await client.getExecution(later.id)).toMatchObject({ state: "cancelled" });
    }
    if (client.reRunExecution !== undefined) {
      expect((await client.reRunExecution(later.id)).id).not.toBe(later.id);
    }

    const unknown = client.defer(async function noSuchFunction() {});
    await expect(unknown()).rejects.toThrow("cannot find function");
  });
});
