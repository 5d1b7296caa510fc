import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aCloud, type RunningCloud } from "../../harness/a-cloud.ts";
import { caller } from "../../harness/caller.ts";
import { signedFetch } from "../support/signed-fetch.ts";

let running: RunningCloud;
beforeAll(async () => {
  running = await aCloud({ functions: "harness/basics/defer", dynamodb: "dynalite" });
});
afterAll(() => running[Symbol.asyncDispose]());

interface Timeline {
  data: { changes: { what: string; attempt?: number; by?: string }[] };
}

describe("the holder of a named token", () => {
  it("does what its scopes allow, in its own name, until it is revoked", async () => {
    const { calls, cloud } = running;
    const body = { name: "ci", scopes: ["read", "enqueue"], functions: ["echo"] };
    const { data } = (await calls.send("POST", "/../tokens", body)) as { data: { token: string } };
    const ci = caller({ DEFER_ENDPOINT: cloud.apiEndpoint, DEFER_TOKEN: data.token });
    const id = await ci.enqueue("echo", [1]);
    expect(await ci.ended(id)).toMatchObject({ state: "succeed", created_by: "ci" });
    const { changes } = ((await ci.send("GET", `/${id}/timeline`)) as Timeline).data;
    expect(changes).toMatchObject([
      { what: "created", by: "ci" },
      { what: "started", attempt: 1 },
      { what: "succeed", attempt: 1 },
    ]);
    await expect(ci.enqueue("parent")).rejects.toThrow(/403 .*echo/);
    await expect(ci.send("POST", `/${id}/reruns`)).rejects.toThrow(/403 .*control/);
    await expect(ci.send("GET", "/../tokens")).rejects.toThrow(/403 .*admin/);
    expect(await calls.send("GET", "/../tokens")).toMatchObject({ data: [body] });
    expect(await calls.send("GET", "/../alarms")).toEqual({ data: [] });
    await calls.send("DELETE", "/../tokens/ci");
    expect(await calls.send("GET", "/../tokens")).toEqual({ data: [] });
  });
});

describe("a principal of AWS", () => {
  it("signs its requests instead, and is named by its ARN", async () => {
    const { apiEndpoint, operator: credentials } = running.cloud;
    const address = `${apiEndpoint}/iam/public/v2/executions`;
    const body = JSON.stringify({ function_name: "echo", function_arguments: [1] });
    const response = await signedFetch(address, { credentials, method: "PUT", body });
    expect(response.status).toBe(201);
    const { data } = (await response.json()) as { data: { id: string } };
    expect(data).toMatchObject({ created_by: "arn:aws:iam::000000000000:user/operator" });
    await running.calls.ended(data.id);
    const results = await signedFetch(`${address}/${data.id}/results`, { credentials });
    expect([results.status, await results.json()]).toEqual([200, await running.calls.result(data.id)]);
    const listed = await signedFetch(`${address}?states=succeed&metadata.a=b%20c`, { credentials });
    expect([listed.status, await listed.json()]).toMatchObject([200, { data: [] }]);
    const unsigned = await fetch(address, { headers: { authorization: "Bearer nothing" } });
    expect([unsigned.status, await unsigned.json()]).toEqual([403, { message: "Forbidden" }]);
  });
});

describe("a timeline", () => {
  it("has the failures and retries of an execution that was run, in order", async () => {
    const { calls } = running;
    const file = join(await mkdtemp(join(tmpdir(), "epoque-calls-")), "calls");
    const id = await calls.enqueue("flaky", [file, 2]);
    await calls.ended(id, 60_000);
    const { changes } = ((await calls.send("GET", `/${id}/timeline`)) as Timeline).data;
    expect(changes.map(({ what, attempt }) => `${what} ${attempt ?? ""}`)).toEqual([
      "created ",
      "started 1",
      "attempt_failed 1",
      "retry_set 2",
      "started 2",
      "succeed 2",
    ]);
  });
});
