import { request } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, it } from "vitest";
import { httpAnswer } from "../../local/services/http-answer.ts";
import { HttpApi } from "../../local/services/http-api.ts";
import { findRoute } from "../../local/services/http-routes.ts";
import type { Lambda } from "../../local/services/lambda.ts";
import { signedFetch } from "../support/signed-fetch.ts";
import { aFunction, anApi } from "./support/an-assembly.ts";
import { runCloud } from "./support/run-cloud.ts";

let running: Awaited<ReturnType<typeof runCloud>>;

beforeAll(async () => {
  running = await runCloud({
    resources: {
      F: aFunction("f"),
      ...anApi(
        "F",
        "PUT /items",
        "GET /items/{id}/results",
        "GET /items/{id}",
        "ANY /items/special",
        "ANY /iam/{proxy+}",
      ),
    },
    code: { f: "export const handler = async (event) => event" },
  });
});
afterAll(() => running[Symbol.asyncDispose]());

const call = (path: string, init: RequestInit = {}) => fetch(running.cloud.apiEndpoint + path, init);
const put = async (body: string | Buffer<ArrayBuffer>, type?: string) => {
  const headers = type === undefined ? {} : { "content-type": type };
  return (await call("/items", { method: "PUT", body, headers })).json();
};

describe("the HTTP API", () => {
  it("builds an event of payload format 2.0", async ({ expect }) => {
    const port = Number(new URL(running.cloud.apiEndpoint).port);
    const event = await new Promise((resolve, reject) => {
      const headers = ["X-Two", "a", "X-Two", "b", "Cookie", "c=1; d=2", "User-Agent", "test", "Host", "localhost:1"];
      const asked = request({ port, path: "/items/a%20b/results?x=1&x=2&y=%20", headers }, (answer) => {
        const pieces: Buffer[] = [];
        answer.on("data", (piece) => pieces.push(piece));
        answer.on("end", () => resolve(JSON.parse(Buffer.concat(pieces).toString())));
      });
      asked.on("error", reject);
      asked.end();
    });
    expect(event).toEqual({
      version: "2.0",
      routeKey: "GET /items/{id}/results",
      rawPath: "/items/a b/results",
      rawQueryString: "x=1&x=2&y=%20",
      cookies: ["c=1", "d=2"],
      headers: expect.objectContaining({ "x-two": "a,b", host: "localhost:1" }),
      queryStringParameters: { x: "1,2", y: " " },
      pathParameters: { id: "a b" },
      requestContext: {
        accountId: "000000000000",
        apiId: running.ref("Api"),
        domainName: "localhost",
        domainPrefix: "localhost",
        http: {
          method: "GET",
          path: "/items/a b/results",
          protocol: "HTTP/1.1",
          sourceIp: "127.0.0.1",
          userAgent: "test",
        },
        requestId: expect.any(String),
        routeKey: "GET /items/{id}/results",
        stage: "$default",
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      isBase64Encoded: false,
    });
    expect((event as { headers: object }).headers).not.toHaveProperty("cookie");
  });

  it("passes text unchanged and other bodies in base64", async ({ expect }) => {
    expect(await put('{"a":"ü"}', "application/json; charset=utf-8")).toMatchObject({
      body: '{"a":"ü"}',
      isBase64Encoded: false,
    });
    expect(await put("a=1", "application/x-www-form-urlencoded")).toMatchObject({
      body: "a=1",
      isBase64Encoded: false,
    });
    expect(await put(Buffer.from("x"))).toMatchObject({ body: "x", isBase64Encoded: false });
    expect(await put("x", "image/png")).toMatchObject({ body: "eA==", isBase64Encoded: true });
    expect(await put(Buffer.from([0xff]), "text/plain")).toMatchObject({ body: "/w==", isBase64Encoded: true });
  });

  it("answers a request without a route with 404", async ({ expect }) => {
    for (const [path, method] of [
      ["/other", "GET"],
      ["/items", "GET"],
      ["/items/1/2", "GET"],
      ["/items/1", "OPTIONS"],
    ] as const) {
      const response = await call(path, { method });
      expect([response.status, await response.json()]).toEqual([404, { message: "Not Found" }]);
    }
  });

  it("answers a malformed path with 400, and HEAD without a body", async ({ expect }) => {
    expect((await call("/items/%zz")).status).toBe(400);
    const head = await call("/items/special", { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  it("answers a body over 10 MB, or over the limit of an event, with 413", async ({ expect }) => {
    for (const size of [10 * 1024 * 1024 + 1, 7 * 1024 * 1024]) {
      const response = await call("/items", { method: "PUT", body: Buffer.alloc(size, "x") });
      expect([response.status, await response.json()]).toEqual([413, { message: "Request Entity Too Large" }]);
    }
  });

  it("answers an endless body with 413", async ({ expect }) => {
    const body = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1_000_000)) });
    const response = await call("/items", { method: "PUT", body, duplex: "half" } as RequestInit);
    expect(response.status).toBe(413);
  });

  it("survives bytes that are not HTTP", async ({ expect }) => {
    const socket = connect(Number(new URL(running.cloud.apiEndpoint).port), "127.0.0.1");
    socket.write("nonsense\r\n\r\n");
    await new Promise((resolve) => socket.once("close", resolve).resume());
    expect((await call("/items/1")).status).toBe(200);
  });

  it("lets a request wait that comes before everything is deployed", async ({ expect }) => {
    const lambda = { invoke: async () => ({ payload: '"here"' }) } as unknown as Lambda;
    const api = await HttpApi.open(0, { lambda, mayInvoke: () => true, authorize: () => undefined });
    const early = fetch(api.endpoint);
    // These are refused at once: meanwhile the early one has come, too.
    for (let sent = 0; sent < 20; sent++) {
      expect((await fetch(api.endpoint, { headers: { origin: "https://example.com" } })).status).toBe(403);
    }
    api.putIntegration("i", "f");
    api.putRoute("r", { routeKey: "$default", target: "i" });
    api.serve();
    const response = await early;
    expect([response.status, await response.text()]).toEqual([200, "here"]);
    await api.close();
  });

  it("times out when the function takes too long", async ({ expect }) => {
    const never = { invoke: () => new Promise(() => {}) } as unknown as Lambda;
    const api = await HttpApi.open(0, {
      lambda: never,
      mayInvoke: () => true,
      authorize: () => undefined,
      timeoutMs: 50,
    });
    api.putIntegration("i", "f");
    api.putRoute("r", { routeKey: "$default", target: "i" });
    api.serve();
    const response = await fetch(api.endpoint);
    await api.close();
    expect([response.status, await response.json()]).toEqual([503, { message: "Service Unavailable" }]);
  });
});

describe("a route of the type AWS_IAM", () => {
  const sign = (path: string, changes: Partial<Parameters<typeof signedFetch>[1]> = {}) =>
    signedFetch(running.cloud.apiEndpoint + path, { credentials: running.cloud.operator, ...changes });

  it("lets a signed request pass, and tells the function who has signed it", async ({ expect }) => {
    const response = await sign("/iam/items/a%20b?x=1&y=%20", { method: "PUT", body: '{"a":"é"}' });
    const event = (await response.json()) as { rawPath: string; requestContext: { authorizer: { iam: object } } };
    expect(event.rawPath).toBe("/iam/items/a b");
    expect(event.requestContext.authorizer.iam).toMatchObject({
      accountId: "000000000000",
      accessKey: running.cloud.operator.accessKeyId,
      userArn: "arn:aws:iam::000000000000:user/operator",
    });
  });

  it.for<[string, () => Promise<Response>]>([
    ["no signature", () => call("/iam/items")],
    ["a token", () => call("/iam/items", { headers: { authorization: "Bearer token" } })],
    ["a signature for another service", () => sign("/iam/items", { service: "s3" })],
    ["a wrong key", () => sign("/iam/items", { credentials: { ...running.cloud.operator, secretAccessKey: "x" } })],
    ["an unknown key", () => sign("/iam/items", { credentials: { accessKeyId: "AKIA", secretAccessKey: "x" } })],
    ["another body than the signed one", () => sign("/iam/items", { method: "PUT", body: "1", sentBody: "2" })],
    ["another path than the signed one", () => sign("/iam/items", { sentPath: "/iam/others" })],
    ["a signature of yesterday", () => sign("/iam/items", { date: new Date(Date.now() - 86_400_000) })],
  ])("rejects %s", async ([, send], { expect }) => {
    const response = await send();
    expect([response.status, await response.json()]).toEqual([403, { message: "Forbidden" }]);
  });
});

describe("a route", () => {
  const routes = ["$default", "GET /a/{x}", "GET /a/b", "ANY /a/b", "GET /{all+}", "GET /a/{x}/c"];

  it.for<[string, string, string, Record<string, string>]>([
    ["GET", "/a/b", "GET /a/b", {}],
    ["POST", "/a/b", "ANY /a/b", {}],
    ["GET", "/a/1", "GET /a/{x}", { x: "1" }],
    ["GET", "/a/1/c", "GET /a/{x}/c", { x: "1" }],
    ["GET", "/z/1", "GET /{all+}", { all: "z/1" }],
    ["POST", "/z", "$default", {}],
  ])("for %s %s is %s", ([method, path, routeKey, pathParameters], { expect }) => {
    const all = routes.map((key) => ({ routeKey: key, target: key }));
    expect(findRoute(all, method, path)).toMatchObject({ route: { routeKey }, pathParameters });
  });
});

describe("a function's result", () => {
  it.for<[string, unknown, number, string]>([
    ["without a status code is the body", { a: 1 }, 200, '{"a":1}'],
    ["that is text is the body", "hello", 200, "hello"],
    ["with a status code", { statusCode: 201, body: "x" }, 201, "x"],
    ["in base64", { statusCode: 200, body: "aGk=", isBase64Encoded: true }, 200, "hi"],
    ["that is malformed", { statusCode: "no" }, 500, '{"message":"Internal Server Error"}'],
  ])("%s", ([, result, status, body], { expect }) => {
    const answer = httpAnswer(JSON.stringify(result));
    expect([answer.status, answer.body.toString()]).toEqual([status, body]);
  });

  it("sets headers and cookies", ({ expect }) => {
    const { headers } = httpAnswer(
      JSON.stringify({ statusCode: 307, headers: { Location: "/x", "X-N": 1 }, cookies: ["a=1", "b=2"] }),
    );
    expect(headers).toMatchObject({ location: "/x", "x-n": "1", "set-cookie": ["a=1", "b=2"] });
  });
});
