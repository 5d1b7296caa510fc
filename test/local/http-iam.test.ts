import { describe, expect, it } from "vitest";
import { AccessKeys } from "../../local/gateway/access-keys.ts";
import { Policies } from "../../local/gateway/policies.ts";
import { signedRequest } from "../../local/gateway/sign.ts";
import { authorizeByIam } from "../../local/services/http-iam.ts";

const roleArn = "arn:aws:iam::000000000000:role/caller";
const api = "arn:aws:execute-api:us-east-1:000000000000:api/$default";

function given(...statements: object[]) {
  const accessKeys = new AccessKeys();
  const policies = new Policies(() => {});
  const document = { Version: "2012-10-17", Statement: statements };
  policies.put({ kind: "identity", attachedTo: roleArn, name: "inline", document });
  const principal = accessKeys.issue({ kind: "function", functionName: "app", roleArn });
  return (method: string, path: string) => {
    const url = `https://api.test${path}`;
    const { headers } = signedRequest(principal, "execute-api", { method, url, headers: {}, body: "" });
    const signal = new AbortController().signal;
    const request = { method, url: path, headers: { ...headers, host: "api.test" }, body: Buffer.from(""), signal };
    return authorizeByIam({ accessKeys, policies, aheadMs: () => 0 }, request, `${api}/${method}${path}`)?.iam.userArn;
  };
}

const allowed = "arn:aws:sts::000000000000:assumed-role/caller/app";

describe("a signed request of a role", () => {
  it("passes as far as the policies of the role allow its method and path", () => {
    const send = given({
      Effect: "Allow",
      Action: "execute-api:Invoke",
      Resource: [`${api}/GET/iam/public/v2/*`, `${api}/PUT/iam/public/v2/executions`],
    });
    expect(send("GET", "/iam/public/v2/executions/1")).toBe(allowed);
    expect(send("PUT", "/iam/public/v2/executions")).toBe(allowed);
    expect(send("POST", "/iam/public/v2/executions/1/cancellation")).toBeUndefined();
    expect(send("PUT", "/iam/public/v2/schedules/a")).toBeUndefined();
  });

  it("does not pass without a permission, or against a denial", () => {
    expect(given({ Effect: "Allow", Action: "dynamodb:*", Resource: "*" })("GET", "/iam/x")).toBeUndefined();
    const all = { Effect: "Allow", Action: "*", Resource: "*" };
    expect(given(all)("GET", "/iam/x")).toBe(allowed);
    const denied = { Effect: "Deny", Action: "execute-api:*", Resource: `${api}/GET/*` };
    expect(given(all, denied)("GET", "/iam/x")).toBeUndefined();
  });
});
