import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Context } from "../../../bin/invocation/context.ts";
import { checkAlarms } from "../../../bin/verbs/doctor/check-alarms.ts";
import { checkBuild } from "../../../bin/verbs/doctor/check-build.ts";
import { checkClientVersion } from "../../../bin/verbs/doctor/check-client-version.ts";
import { checkEndpoint } from "../../../bin/verbs/doctor/check-endpoint.ts";
import { checkQuotas } from "../../../bin/verbs/doctor/check-quotas.ts";
import { checkToken } from "../../../bin/verbs/doctor/check-token.ts";
import { EpoqueError } from "../../../client/client.ts";

const NOW_MS = Date.parse("2026-11-23T09:00:00.400Z");

function aContext(answer: () => Response | Promise<Response>, more: Partial<Context> = {}): Context {
  const target = () => ({ endpoint: "https://api.test/", token: "t" });
  return { target, now: () => NOW_MS, fetch: async () => answer(), environment: {}, ...more } as unknown as Context;
}

describe("the endpoint", () => {
  const healthy = (date: string) => () => Response.json({ status: "ok" }, { headers: { date } });

  it.each([
    ["Mon, 23 Nov 2026 09:00:00 GMT", "good"],
    ["Mon, 23 Nov 2026 08:59:56 GMT", "good"],
    ["Mon, 23 Nov 2026 08:59:50 GMT", "doubtful"],
    ["Mon, 23 Nov 2026 09:01:00 GMT", "doubtful"],
  ])("answers, and its clock at %s is %s", async (date, state) => {
    expect(await checkEndpoint(aContext(healthy(date)))).toMatchObject([
      { what: "endpoint", state: "good" },
      { what: "clock", state },
    ]);
  });

  it.each([
    ["does not answer", () => Promise.reject(new TypeError("failed", { cause: { code: "ENOTFOUND" } })), /ENOTFOUND/],
    ["is another one", () => new Response("<html>", { status: 200 }), /DEFER_ENDPOINT/],
    ["is out of order", () => new Response("", { status: 502 }), /answers 502/],
  ])("%s", async (_, answer, message) => {
    const found = await checkEndpoint(aContext(answer));
    expect(found).toMatchObject([{ what: "endpoint", state: "bad", message: expect.stringMatching(message) }]);
  });
});

describe("the token", () => {
  it.each([
    [undefined, "good"],
    ["unauthorized", "bad"],
    ["forbidden", "doubtful"],
    ["unreachable", "skipped"],
    ["internal", "bad"],
  ] as const)("that is answered with %s is %s", async (code, state) => {
    const page = async () => {
      if (code !== undefined) throw new EpoqueError("no", { status: 400, code });
    };
    const client = () => ({ executions: { page } });
    expect(await checkToken({ client } as unknown as Context)).toMatchObject([{ what: "token", state }]);
  });
});

describe("the client's version", () => {
  it.each([
    ["2.3.0", "good"],
    ["1.1.0", "good"],
    ["1.0.9", "bad"],
    ["2.10.0", "doubtful"],
    ["3.0.0-rc.1", "doubtful"],
  ])("%s, found as Node finds it, is %s", async (version, state) => {
    const directory = await mkdtemp(join(tmpdir(), "epoque-doctor-"));
    await mkdir(join(directory, "node_modules/@defer/client"), { recursive: true });
    await mkdir(join(directory, "packages/web"), { recursive: true });
    await writeFile(join(directory, "node_modules/@defer/client/package.json"), JSON.stringify({ version }));
    expect(await checkClientVersion(join(directory, "packages/web"))).toMatchObject([{ what: "client", state }]);
  });

  it("is not checked where there is none", async () => {
    expect(await checkClientVersion(tmpdir())).toMatchObject([{ state: "skipped" }]);
  });
});

describe("the functions", () => {
  const client = () => ({ functions: { list: async () => [{ name: "echo" }] } });

  it("can be built, and which are not deployed is told", async () => {
    const context = { directory: "test/fixtures/flow-control", client } as unknown as Context;
    expect(await checkBuild(context, undefined)).toMatchObject([
      { state: "good", message: expect.stringContaining("perCustomer") },
      { state: "doubtful", message: expect.stringMatching(/^not deployed: .*perCustomer/) },
    ]);
  });

  it("cannot be built: each fault is told", async () => {
    const directory = await mkdtemp(join(tmpdir(), "epoque-doctor-"));
    await mkdir(join(directory, "defer"));
    await writeFile(join(directory, "package.json"), "{}");
    await writeFile(join(directory, "defer/bad.ts"), "export default 1;");
    const context = { directory, client } as unknown as Context;
    expect(await checkBuild(context, undefined)).toMatchObject([
      { state: "bad", message: expect.stringContaining("defer/bad.ts") },
    ]);
    expect(await checkBuild(context, "elsewhere")).toMatchObject([{ state: "bad" }]);
    expect(await checkBuild({ ...context, directory: tmpdir() }, undefined)).toMatchObject([{ state: "skipped" }]);
  });
});

describe("the alarms", () => {
  const ringing = { name: "dead letters", reason: "Messages could not be worked.", next_step: "Look at them." };

  it.each([
    [async () => [], [{ state: "good" }]],
    [
      async () => [ringing],
      [{ state: "doubtful", message: expect.stringMatching(/^dead letters: .* Look at them\.$/) }],
    ],
    [() => Promise.reject(new EpoqueError("no", { status: 403, code: "forbidden" })), [{ state: "skipped" }]],
  ])("ring or not: %#", async (alarms, found) => {
    const client = () => ({ alarms });
    expect(await checkAlarms({ client } as unknown as Context)).toMatchObject(found);
  });
});

describe("the quotas", () => {
  const onAws = { target: () => ({ endpoint: "https://x.execute-api.eu-west-1.amazonaws.com", token: "t" }) };
  /** A folder with a program named `aws`. */
  const withAws = async (script: string) => {
    const folder = await mkdtemp(join(tmpdir(), "epoque-aws-"));
    await writeFile(join(folder, "aws"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return { ...onAws, environment: { PATH: `${folder}:/usr/bin:/bin` } } as unknown as Context;
  };

  it("are read with AWS's command line, in the region of the endpoint", async () => {
    const answering = (limit: number) =>
      withAws(
        `echo "$@" | grep -q -- '--region eu-west-1' && echo '{"AccountLimit":{"ConcurrentExecutions":${limit}}}'`,
      );
    expect(await checkQuotas(await answering(1_000))).toMatchObject([{ state: "good" }]);
    expect(await checkQuotas(await answering(10))).toMatchObject([
      { state: "doubtful", message: expect.stringMatching(/runs 10 at once in eu-west-1: ask for more/) },
    ]);
  });

  it("are not checked where they cannot be read", async () => {
    const denied = await checkQuotas(await withAws("echo 'Unable to locate credentials' >&2; exit 255"));
    expect(denied).toMatchObject([{ state: "skipped", message: "cannot be read: Unable to locate credentials" }]);
    const absent = await checkQuotas({ ...onAws, environment: { PATH: "/nowhere" } } as unknown as Context);
    expect(absent).toMatchObject([{ state: "skipped", message: expect.stringContaining("not installed") }]);
    expect(await checkQuotas(aContext(() => new Response()))).toMatchObject([{ state: "skipped" }]);
  });
});
