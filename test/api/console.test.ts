import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { memoryPorts } from "../../harness/memory/memory-ports.ts";
import { memoryApi } from "../support/api.ts";

const files: Readonly<Record<string, string>> = {
  "index.html": "<!doctype html>",
  "icon.svg": "<svg/>",
  "assets/main-1a2b.js": "main()",
};

function withConsole(available = files) {
  const readConsoleFile = (name: string) =>
    Object.hasOwn(available, name) ? gzipSync(available[name] ?? "") : undefined;
  return memoryApi({ ...memoryPorts(), readConsoleFile });
}

async function get(path: string, { call } = withConsole(), headers: Record<string, string> = {}) {
  const { statusCode, headers: answered, body = "", isBase64Encoded } = await call({ method: "GET", path, headers });
  return { status: statusCode, headers: answered ?? {}, text: isBase64Encoded ? atob(body) : body };
}

describe("the console's files", () => {
  it("are reached from the root", async () => {
    for (const path of ["/", "/console"]) {
      const { status, headers } = await get(path);
      expect([status, headers["location"]]).toEqual([302, "/console/"]);
    }
  });

  it.each(["/console/", "/console/executions", "/console/executions/0190.2?state=failed", "/console/schedules/a.js/x"])(
    "%s is the page, which the browser asks for anew each time",
    async (path) => {
      const { status, headers, text } = await get(path);
      expect([status, text]).toEqual([200, "<!doctype html>"]);
      expect(headers).toMatchObject({ "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" });
      expect(headers["content-security-policy"]).not.toContain("unsafe");
    },
  );

  it("assets have their types, and are kept", async () => {
    const { status, headers, text } = await get("/console/assets/main-1a2b.js");
    expect([status, text]).toEqual([200, "main()"]);
    expect(headers["content-type"]).toBe("text/javascript; charset=utf-8");
    expect(headers["cache-control"]).toContain("immutable");
    expect((await get("/console/icon.svg")).headers["content-type"]).toBe("image/svg+xml");
  });

  it("stay compressed for who can read that", async () => {
    const { headers } = await get("/console/", withConsole(), { "accept-encoding": "gzip, br" });
    expect(headers["content-encoding"]).toBe("gzip");
  });

  it.each(["/console/assets/other.js", "/console/assets/../index.html", "/console/assets/..%2f..%2findex.mjs"])(
    "%s is not there",
    async (path) => expect((await get(path)).status).toBe(404),
  );

  it("are nowhere when they were left out", async () => {
    const api = withConsole({});
    for (const path of ["/", "/console", "/console/", "/console/executions"]) {
      expect((await get(path, api)).status).toBe(404);
    }
  });
});

describe("a code for the console", () => {
  const post = (api: ReturnType<typeof memoryApi>, path: string, body: object, headers = {}) =>
    api.call({
      method: "POST",
      path,
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", ...headers },
    });
  const authorized = { authorization: "Bearer current" };

  async function aCode(api: ReturnType<typeof memoryApi>, body = {}) {
    const made = await post(api, "/console/codes", body, authorized);
    expect(made.statusCode).toBe(201);
    return (made.json() as { data: { code: string } }).data.code;
  }

  it("is exchanged for the token of whoever made it, once", async () => {
    const api = memoryApi();
    const code = await aCode(api);
    expect(code).not.toContain("current");
    const session = await post(api, "/console/session", { code });
    expect([session.statusCode, session.json()]).toEqual([200, { data: { token: "current" } }]);
    expect(session.headers?.["cache-control"]).toBe("no-store");
    expect((await post(api, "/console/session", { code })).statusCode).toBe(401);
  });

  it("expires", async () => {
    const api = memoryApi();
    const code = await aCode(api, { valid_seconds: 60 });
    api.ports.clock.advance(60_000);
    expect((await post(api, "/console/session", { code })).statusCode).toBe(401);
  });

  it.each(["", "cc1.", "cc1.AAAA", `cc1.${"A".repeat(200)}`, "local"])("is not %j", async (code) => {
    expect((await post(memoryApi(), "/console/session", { code })).statusCode).toBe(401);
  });

  it("that was changed is refused", async () => {
    const api = memoryApi();
    const code = await aCode(api);
    const changed = `${code.slice(0, -3)}${code.at(-3) === "A" ? "B" : "A"}${code.slice(-2)}`;
    expect((await post(api, "/console/session", { code: changed })).statusCode).toBe(401);
  });

  it("stands for a session that says what its token is good for", async () => {
    const session = await memoryApi().call({ method: "GET", path: "/console/session", headers: authorized });
    expect([session.statusCode, session.json()]).toEqual([200, { data: { name: "admin", scopes: ["admin"] } }]);
    expect((await memoryApi().call({ method: "GET", path: "/console/session", headers: {} })).statusCode).toBe(401);
  });

  it("is made for those only who have a token", async () => {
    expect((await post(memoryApi(), "/console/codes", {})).statusCode).toBe(401);
    const wrong = await post(memoryApi(), "/console/codes", { valid_seconds: 86_401 }, authorized);
    expect([wrong.statusCode, wrong.json()]).toMatchObject([400, { message: /valid_seconds/ }]);
  });
});
