import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { caller } from "../../harness/caller.ts";
import { until } from "../../harness/until.ts";
import { type DevProcess, readyEnvironment, startDev } from "../support/dev-process.ts";

let dev: DevProcess;
let environment: { DEFER_ENDPOINT: string; DEFER_TOKEN: string };

beforeAll(async () => {
  dev = startDev(["--functions", "harness/basics/defer", "--token", "s3cret"]);
  environment = await readyEnvironment(dev);
  // The client looks once after a second, and then at random within 15: warm functions are through by then.
  const calls = caller(environment);
  const ids = await Promise.all(["echo", "nothing", "explode", "parent"].map((name) => calls.enqueue(name, [{}])));
  await Promise.all(ids.map((id) => calls.ended(id)));
});

afterAll(() => dev.stop());

describe("@defer/client, unmodified, with what the ready line says", () => {
  it("enqueues and gets values, errors and nothing back, from 5 bytes to 5 MiB", async () => {
    const script = fileURLToPath(new URL("client-script.mjs", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script], {
      env: { PATH: process.env["PATH"], ...environment },
      // Each look may be fifteen seconds after the one before.
      timeout: 180_000,
    });
    // The client logs to stdout as well.
    expect(JSON.parse(stdout.split("\n").at(-1) ?? "")).toEqual({
      small: { status: "fulfilled", value: "abc" },
      bigIsEqual: true,
      nested: { status: "fulfilled", value: { nested: [1, null, "é\u2028"] } },
      nothingAtAll: { status: "fulfilled", value: null },
      exploded: {
        status: "rejected",
        message: "it was too hot",
        // The user's own line, in the user's own file.
        stack: expect.stringMatching(/^RangeError: it was too hot\n\s+at explode \(defer\/explode\.ts:9:9\)/),
      },
      child: expect.objectContaining({ functionName: "echo" }),
      unknown: expect.stringMatching(
        /^backend responds with "400" and message "cannot find function "unknown" \(deployed: .*echo.*\)/,
      ),
    });
  });

  it("shows what functions write, with function and execution in front", async () => {
    expect(dev.output()).toMatch(/^nothing [0-9a-f-]{36} \| nothing to see$/m);
    expect(dev.output()).toMatch(/^explode [0-9a-f-]{36} \| about to explode$/m);
  });
});

describe("curl's view", () => {
  const call = (method: string, path: string, body?: unknown) =>
    fetch(new URL(path, environment.DEFER_ENDPOINT), {
      method,
      headers: { authorization: `Bearer ${environment.DEFER_TOKEN}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

  interface Answer {
    data: Record<string, unknown>;
  }

  async function ended(id: string): Promise<Answer["data"]> {
    const { data } = await until(
      async () => (await (await call("GET", `/public/v2/executions/${id}`)).json()) as Answer,
      ({ data }) => data["finished_at"] !== undefined,
    );
    return data;
  }

  async function enqueue(body: unknown): Promise<string> {
    const response = await call("PUT", "/public/v2/executions", body);
    expect(response.status).toBe(201);
    return ((await response.json()) as { data: { id: string } }).data.id;
  }

  it("arguments, results and logs of an execution", async () => {
    const id = await enqueue({
      function_name: "explode",
      function_arguments: [{ why: "curl" }],
      metadata: { user: "1" },
    });
    await ended(id);
    const { data } = (await (await call("GET", `/public/v2/executions/${id}`)).json()) as { data: unknown };
    expect(data).toMatchObject({ state: "failed", error_code: "ER0000", attempt: 1, metadata: { user: "1" } });
    expect(await (await call("GET", `/public/v2/executions/${id}/arguments`)).json()).toEqual([{ why: "curl" }]);
    expect(await (await call("GET", `/public/v2/executions/${id}/results`)).json()).toMatchObject({
      name: "RangeError",
    });
    const logs = await call("GET", `/public/v2/executions/${id}/logs`);
    expect(logs.headers.get("content-type")).toBe("application/x-ndjson");
    expect(JSON.parse(await logs.text())).toMatchObject({ stream: "stderr", line: "about to explode" });
  });

  it("large arguments are redirected to, for fetch and for curl -L alike", async () => {
    const value = "y".repeat(100_000);
    const id = await enqueue({ function_name: "echo", function_arguments: [value] });
    const path = `/public/v2/executions/${id}/arguments`;
    expect(await (await call("GET", path)).json()).toEqual([value]);
    const { stdout } = await promisify(execFile)(
      "curl",
      [
        "--silent",
        "--fail",
        "--location",
        "--header",
        `Authorization: Bearer ${environment.DEFER_TOKEN}`,
        new URL(path, environment.DEFER_ENDPOINT).href,
      ],
      { maxBuffer: 2 ** 20 },
    );
    // The client logs to stdout as well.
    expect(JSON.parse(stdout.split("\n").at(-1) ?? "")).toEqual([value]);
  });

  it("a child knows who enqueued it", async () => {
    const id = await enqueue({ function_name: "parent", function_arguments: ["x"] });
    await ended(id);
    const child = (await (await call("GET", `/public/v2/executions/${id}/results`)).json()) as string;
    const { data } = (await (await call("GET", `/public/v2/executions/${child}`)).json()) as { data: unknown };
    expect(data).toMatchObject({ executed_by: id });
  });

  it("schedule_for is kept to the second, and never early", async () => {
    const dueAt = Date.now() + 2_500;
    const id = await enqueue({ function_name: "nothing", schedule_for: new Date(dueAt).toISOString() });
    await ended(id);
    const { data } = (await (await call("GET", `/public/v2/executions/${id}`)).json()) as {
      data: { started_at: string };
    };
    expect(Date.parse(data.started_at)).toBeGreaterThanOrEqual(dueAt);
  });

  it.each([
    ["no token", { method: "GET", path: "/public/v2/executions/x", headers: {} }, 401, "unauthorized"],
    [
      "a wrong token",
      { method: "GET", path: "/public/v2/executions/x", headers: { authorization: "Bearer nope" } },
      401,
      "unauthorized",
    ],
  ])("%s", async (_, { method, path, headers }, status, error) => {
    const response = await fetch(new URL(path, environment.DEFER_ENDPOINT), { method, headers });
    expect(response.status).toBe(status);
    expect(response.headers.get("x-request-id")).toBeTruthy();
    expect(await response.json()).toMatchObject({ error });
  });

  it("a path that does not exist, and a wrong method", async () => {
    expect((await call("GET", "/public/v2/nothing")).status).toBe(404);
    expect((await call("DELETE", "/public/v2/executions")).status).toBe(405);
    expect((await fetch(new URL("/health", environment.DEFER_ENDPOINT))).status).toBe(200);
  });

  it("more than the gateway takes is a 413", async () => {
    const response = await call("PUT", "/public/v2/executions", {
      function_name: "echo",
      function_arguments: ["z".repeat(11 * 1024 * 1024)],
    });
    expect(response.status).toBe(413);
  });
});
