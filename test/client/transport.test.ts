import { describe, expect, it } from "vitest";
import { createClient } from "../../client/client.ts";

const execution = { id: "an-id", state: "created" };
const answers = {
  good: () => Response.json({ data: execution }),
  throttled: () => Response.json({ message: "Too Many Requests" }, { status: 429, headers: { "retry-after": "0" } }),
  unavailable: () =>
    Response.json({ error: "unavailable", message: "again" }, { status: 503, headers: { "retry-after": "0" } }),
  slow: () =>
    Response.json({ error: "unavailable", message: "later" }, { status: 503, headers: { "retry-after": "60" } }),
  conflict: () => Response.json({ error: "conflict", message: "no" }, { status: 409 }),
  gateway: () => new Response("<html>Bad Gateway</html>", { status: 502 }),
  page: () => new Response("<html>Hello</html>"),
  lost: () => Promise.reject(new TypeError("fetch failed", { cause: { code: "ECONNRESET" } })),
};

/** A client whose endpoint answers so, in order, and the requests it got. */
function answering(...kinds: (keyof typeof answers)[]) {
  const requests: string[] = [];
  const send = async (_: string, { method }: RequestInit) => {
    const kind = kinds[requests.length];
    requests.push(String(method));
    if (kind === undefined) throw new Error("one request too many");
    return answers[kind]();
  };
  const fetch = send as typeof globalThis.fetch;
  return { requests, client: createClient({ endpoint: "https://api.test", token: "t", fetch, retries: 2 }) };
}

describe("a request that may be repeated", () => {
  it.each([[["unavailable", "lost", "good"]], [["gateway", "throttled", "good"]]] as const)(
    "is sent again: %s",
    async (kinds) => {
      const { client, requests } = answering(...kinds);
      expect(await client.executions.get("an-id")).toEqual(execution);
      expect(requests).toHaveLength(3);
    },
  );

  it.each([
    ["lost", { status: 0, code: "unreachable", message: "https://api.test cannot be reached: ECONNRESET" }],
    ["unavailable", { status: 503, code: "unavailable", message: "again" }],
    ["gateway", { status: 502, code: "unknown", message: "<html>Bad Gateway</html>" }],
  ] as const)("is given up in the end: %s", async (kind, error) => {
    const { client, requests } = answering(kind, kind, kind);
    await expect(client.executions.get("an-id")).rejects.toMatchObject(error);
    expect(requests).toHaveLength(3);
  });

  it("is not sent again to a service that asks for much patience, or that refuses it", async () => {
    for (const kind of ["slow", "conflict"] as const) {
      const { client, requests } = answering(kind);
      await expect(client.schedules.pause("s")).rejects.toMatchObject({ message: kind === "slow" ? "later" : "no" });
      expect(requests).toHaveLength(1);
    }
  });

  it("is every enqueue with an idempotency key", async () => {
    const { client } = answering("lost", "good");
    expect(await client.executions.enqueue({ function_name: "f", idempotency_key: "k" })).toEqual(execution);
  });
});

describe("a request that must not be doubled", () => {
  it.each(["lost", "unavailable"] as const)("is sent once: %s", async (kind) => {
    const { client, requests } = answering(kind);
    await expect(client.executions.enqueue({ function_name: "f" })).rejects.toThrow();
    expect(requests).toEqual(["PUT"]);
  });

  it("is sent again where it was throttled: it has done nothing", async () => {
    const { client, requests } = answering("throttled", "good");
    expect(await client.executions.rerun("an-id")).toEqual(execution);
    expect(requests).toEqual(["POST", "POST"]);
  });
});

it("says that the endpoint is another one", async () => {
  const { client } = answering("page");
  await expect(client.executions.get("an-id")).rejects.toThrow(/200 without JSON; is DEFER_ENDPOINT/);
});

/** An execution that is retried once: what its requests answer, read by read. */
function retrying() {
  const attempts = [
    { attempt: 1, state: "started" },
    { attempt: 1, state: "started" },
    { attempt: 2, state: "created" },
    { attempt: 2, state: "started" },
    { attempt: 2, state: "succeed" },
  ];
  const lines: Record<string, string[][]> = {
    "1": [["a"]],
    "1?after=1": [["b", "c"]],
    "2": [[], ["d"]],
  };
  let reads = 0;
  const send = async (url: string) => {
    const [, attempt] = /an-id\.(.*)\/logs/.test(url) ? (/an-id\.(\d)/.exec(url) ?? []) : [];
    if (attempt === undefined) return Response.json({ data: { id: "an-id", ...attempts[Math.max(0, reads++ - 1)] } });
    const [, after] = url.split("?");
    const some = lines[after === undefined ? attempt : `${attempt}?${after}`]?.shift();
    if (some === undefined) return Response.json({ error: "not_found", message: "not begun" }, { status: 404 });
    return new Response(some.map((line) => `${JSON.stringify({ line })}\n`).join(""));
  };
  return createClient({ endpoint: "https://api.test", token: "t", fetch: send as typeof fetch });
}

describe("a tail", () => {
  it("yields each line once, attempt by attempt, until the execution has ended", async () => {
    const lines: string[] = [];
    for await (const { line } of retrying().executions.tail("an-id", { pollMs: 1 })) lines.push(line);
    expect(lines).toEqual(["a", "b", "c", "d"]);
  });

  it("ends with its signal", async () => {
    const stopping = new AbortController();
    const tail = retrying().executions.tail("an-id", { pollMs: 60_000, signal: stopping.signal });
    expect((await tail.next()).value).toEqual({ line: "a" });
    const next = tail.next();
    stopping.abort(new Error("enough"));
    await expect(next).rejects.toThrow("enough");
  });
});
