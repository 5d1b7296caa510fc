import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { type AddressInfo, connect, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, it } from "vitest";
import { reasonToSkip } from "../support/java.ts";
import { aFunction, anApi, aQueue, aTable } from "./support/an-assembly.ts";
import { descendants } from "./support/processes.ts";
import { runCloud } from "./support/run-cloud.ts";

// Attacks of a web page that the developer has open. It knows every port and the formats that the emulators accept.

let running: Awaited<ReturnType<typeof runCloud>>;
let listenersBefore: Set<Server>;

const listeners = () => {
  const handles = (process as unknown as { _getActiveHandles(): unknown[] })._getActiveHandles();
  return handles.filter((handle): handle is Server => handle instanceof Server && handle.listening);
};

beforeAll(async () => {
  listenersBefore = new Set(listeners());
  running = await runCloud({
    resources: { Table: aTable(), Queue: aQueue(), F: aFunction("f"), ...anApi("F", "$default") },
    code: { f: "export const handler = async () => ({ secret: 1 })" },
  });
  const Item = { id: { S: "1" }, secret: { S: "secret" } };
  await running.dynamodb.send(new PutItemCommand({ TableName: running.ref("Table"), Item }));
});
afterAll(() => running[Symbol.asyncDispose]());

interface Answer {
  status: number | undefined;
  allowedOrigin: string | undefined;
  body: string;
}

/** Sends headers unchanged, in pairs; Node's `fetch` would not. */
function send(endpoint: string, method: string, headers: string[], body = "", path = "/"): Promise<Answer> {
  const { host, port } = new URL(endpoint);
  const all = headers.includes("Host") ? headers : [...headers, "Host", host];
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, method, path, headers: all };
    const outgoing = request(options, (incoming) => resolve(answerOf(incoming)));
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

async function answerOf(incoming: IncomingMessage): Promise<Answer> {
  const allowedOrigin = incoming.headers["access-control-allow-origin"];
  return { status: incoming.statusCode, allowedOrigin, body: await text(incoming) };
}

const fromAnotherSite = ["Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"];
const authorization =
  "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/x/aws4_request, SignedHeaders=host, Signature=0";
const asAws = (target: string) => [
  ...["Content-Type", "application/x-amz-json-1.0", "X-Amz-Target", target],
  ...["X-Amz-Date", "20260101T000000Z", "Authorization", authorization],
];

describe("a web page of another site", () => {
  it("finds two listeners, the API and the gateway, both on 127.0.0.1", ({ expect }) => {
    const ours = listeners().filter((server) => !listenersBefore.has(server));
    const found = ours.map((server) => server.address() as AddressInfo);
    const endpoints = [running.cloud.apiEndpoint, running.cloud.gatewayEndpoint];
    expect(found.map(({ address, port }) => `http://${address}:${port}`).sort()).toEqual(endpoints.sort());
  });

  it("cannot read a table, send a message or pass a preflight, at any listener", async ({ expect }) => {
    const scan = JSON.stringify({ TableName: running.ref("Table") });
    const message = JSON.stringify({ QueueUrl: running.ref("Queue"), MessageBody: "forged" });
    for (const server of listeners().filter((it) => !listenersBefore.has(it))) {
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const answers = [
        await send(endpoint, "POST", [...fromAnotherSite, ...asAws("DynamoDB_20120810.Scan")], scan),
        await send(endpoint, "POST", [...fromAnotherSite, ...asAws("AmazonSQS.SendMessage")], message),
        await send(endpoint, "GET", fromAnotherSite, "", "/_fauxqs/queues"),
        await send(endpoint, "OPTIONS", [...fromAnotherSite, "Access-Control-Request-Method", "POST"]),
      ];
      for (const answer of answers) {
        expect(answer).toMatchObject({ status: 403, allowedOrigin: undefined });
        expect(answer.body).not.toContain("secret");
      }
    }
  });
});

describe.for(["apiEndpoint", "gatewayEndpoint"] as const)("a request to the %s", (which) => {
  const port = () => new URL(running.cloud[which]).port;
  const own = () => `http://127.0.0.1:${port()}`;
  /** Status of an accepted request: from the API's function, and from the gateway for an unsigned request. */
  const served = which === "apiEndpoint" ? 200 : 400;
  const statusOf = async (...headers: string[]) => (await send(own(), "POST", headers, "{}")).status;

  it.for([
    ["an origin of another site", "Origin", "https://evil.example"],
    ["an origin that is hidden", "Origin", "null"],
    ["an origin of another port", "Origin", "http://127.0.0.1:1"],
    ["a mark of another site", "Sec-Fetch-Site", "cross-site"],
    ["a mark of the same site on another port", "Sec-Fetch-Site", "same-site"],
    ["a name that is bound to this address", "Host", "evil.example"],
    ["a name that begins like this address", "Host", "127.0.0.1.evil.example"],
    ["a name that ends like this address", "Host", "evil.example@127.0.0.1"],
    ["the address of all interfaces", "Host", "0.0.0.0"],
  ])("is refused with %s", async ([, name = "", value = ""], { expect }) => {
    expect(await statusOf(name, value)).toBe(403);
  });

  it("is refused with two hosts, or none", async ({ expect }) => {
    const host = `127.0.0.1:${port()}`;
    expect(await statusOf("Host", host, "Host", host)).toBe(400);
    expect(await statusOf("Host", host, "Host", "evil.example")).toBe(400);
    expect(await statusOf("Host", "")).toBe(403);
  });

  it("is refused with a whole URL of another host", async ({ expect }) => {
    expect((await send(own(), "POST", [], "{}", "http://evil.example/")).status).toBe(400);
  });

  it("is refused before its body is read", async ({ expect }) => {
    const large = "x".repeat(20 * 1024 * 1024);
    expect((await send(own(), "POST", ["Origin", "null"], large)).status).toBe(403);
  });

  it("passes from a program, from the address bar, and from a page of the same origin", async ({ expect }) => {
    expect(await statusOf()).toBe(served);
    expect(await statusOf("Sec-Fetch-Site", "none")).toBe(served);
    expect(await statusOf("Sec-Fetch-Site", "same-origin", "Origin", own())).toBe(served);
    for (const name of ["localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "[::1]"]) {
      const host = `${name}:${port()}`;
      expect(await statusOf("Host", host, "Origin", `http://${host.toLowerCase()}`)).toBe(served);
    }
  });
});

describe("DynamoDB Local", () => {
  it.skipIf(reasonToSkip("local"))("listens on 127.0.0.1 only, and serves the gateway only", async ({ expect }) => {
    await using it = await runCloud({ resources: { Table: aTable() } }, { dynamodb: "local" });
    const java = descendants(process.pid).map((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf-8").split("\0"));
    const port = Number(java.find(([name]) => name === "java")?.find((_, index, all) => all[index - 1] === "-port"));
    const scan = JSON.stringify({ TableName: it.ref("Table") });
    for (const headers of [fromAnotherSite, []]) {
      const all = [...headers, ...asAws("DynamoDB_20120810.Scan")];
      expect(await send(`http://127.0.0.1:${port}`, "POST", all, scan)).toMatchObject({
        status: 403,
        allowedOrigin: undefined,
      });
    }
    // A server on all interfaces answers at every loopback address.
    const socket = connect(port, "127.0.0.2");
    await expect(once(socket, "connect")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});

describe("a data directory", () => {
  it("belongs to its owner only, also if it existed before", async ({ expect }) => {
    const parent = mkdtempSync(join(tmpdir(), "epoque-data-"));
    try {
      chmodSync(parent, 0o755);
      for (const dataDirectory of [join(parent, "a", "new"), parent]) {
        const it = await runCloud({ resources: { Table: aTable() } }, { dataDirectory });
        expect(statSync(dataDirectory).mode & 0o777).toBe(0o700);
        await it[Symbol.asyncDispose]();
      }
    } finally {
      rmSync(parent, { recursive: true });
    }
  });
});
