import { describe, expect, it } from "vitest";
import type { ExecutionId } from "../../lambdas/core/ids.ts";
import { memoryApi } from "../support/api.ts";

const signedBy = "arn:aws:sts::000000000000:assumed-role/ci/session";
const headers = { "content-type": "application/json", authorization: "AWS4-HMAC-SHA256 Credential=…" };
const put = (path: string, signer?: string, api = memoryApi()) =>
  api.call({
    method: "PUT",
    path,
    headers,
    body: JSON.stringify({ function_name: "importContacts" }),
    ...(signer !== undefined && { signedBy: signer }),
  });

describe("a signed request", () => {
  it("may do what a token may, in the name of its principal", async () => {
    const lines: { by?: string | undefined; route?: string }[] = [];
    const api = memoryApi({ ...memoryApi().ports, log: (entry) => lines.push(entry) });
    const { data } = (await put("/iam/public/v2/executions", signedBy, api)).json() as { data: { id: ExecutionId } };
    expect(data).toMatchObject({ state: "created", created_by: signedBy });
    const read = await api.call({
      method: "GET",
      path: `/iam/public/v2/executions/${data.id}/timeline`,
      headers,
      signedBy,
    });
    expect(read.json()).toMatchObject({ data: { changes: [{ what: "created", by: signedBy }] } });
    expect(lines).toMatchObject([
      { by: signedBy, route: "PUT /public/v2/executions" },
      { by: signedBy, route: "GET /public/v2/executions/{id}/timeline" },
    ]);
  });

  it.each<[string, string | undefined, number]>([
    ["/iam/nothing/here", signedBy, 404],
    ["/iam/public/v2/functions", signedBy, 405],
    ["/iam/iam/public/v2/executions", signedBy, 404],
    // As it comes where the gateway has no route for it.
    ["/iam/public/v2/executions", undefined, 401],
    ["/public/v2/executions", signedBy, 401],
  ])("to %s by %s is answered with %i", async (path, signer, status) => {
    expect((await put(path, signer)).statusCode).toBe(status);
  });
});
