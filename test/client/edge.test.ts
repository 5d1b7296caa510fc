import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { describe, expect, it, vi } from "vitest";
import { createClient } from "../../client/client.ts";
import { memoryApi } from "../support/api.ts";
import { MEMORY_ENDPOINT, memoryFetch } from "../support/memory-fetch.ts";

const execution = { id: "an-id", state: "created" };

describe("the client on the edge", () => {
  it("needs what every runtime of the web has, and nothing of Node", async () => {
    const { outputFiles } = await build({
      entryPoints: ["client/client.ts"],
      bundle: true,
      write: false,
      platform: "neutral",
      format: "iife",
      globalName: "epoque",
    });
    const requests: string[] = [];
    const fetch = async (url: string, { method }: RequestInit) => {
      requests.push(`${method} ${url}`);
      return Response.json({ data: execution });
    };
    const web = createContext({ fetch, Response, AbortSignal, setTimeout, clearTimeout, URLSearchParams });
    runInContext(outputFiles[0]?.text ?? "", web);
    const use = `epoque.createClient({ endpoint: "https://api.test", token: "t" }).executions.get("an-id")`;
    expect(await runInContext(use, web)).toEqual(execution);
    expect(requests).toEqual(["GET https://api.test/public/v2/executions/an-id"]);
    // Without options there is nowhere to read them from.
    expect(() => runInContext("epoque.createClient()", web) as unknown).toThrow("set DEFER_ENDPOINT");
  });
});

describe("the client beside @defer/client", () => {
  it("reads the same two variables", async () => {
    const { fetch: send, requests } = memoryFetch(memoryApi());
    vi.stubEnv("DEFER_ENDPOINT", MEMORY_ENDPOINT);
    vi.stubEnv("DEFER_TOKEN", "current");
    vi.stubGlobal("fetch", (url: string, { headers, ...init }: RequestInit) =>
      send(String(url), { ...init, headers: Object.fromEntries(new Headers(headers)) }),
    );
    try {
      const { defer } = await import("@defer/client");
      const { id } = await defer(async function importContacts() {})();
      expect(await createClient().executions.get(id)).toMatchObject({ id, state: "created" });
      expect(requests).toEqual(["PUT /public/v2/executions", `GET /public/v2/executions/${id}`]);
    } finally {
      vi.unstubAllGlobals();
      vi.unstubAllEnvs();
    }
  });
});
