import { afterEach, describe, expect, it, vi } from "vitest";
import { defaultProvider } from "../../lambdas/aws/container-credentials.ts";

// As "Amazon ECS task IAM role" shows them.
const credentials = {
  RoleArn: "arn:aws:iam::000000000000:role/task",
  AccessKeyId: "ASIA",
  SecretAccessKey: "hidden",
  Token: "session",
  Expiration: "2026-11-29T12:00:00Z",
};

function given(variables: Record<string, string>, answer: Response = Response.json(credentials)) {
  vi.stubEnv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", undefined);
  vi.stubEnv("AWS_CONTAINER_CREDENTIALS_FULL_URI", undefined);
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const fetch = vi.fn(async (_url: string) => answer.clone());
  vi.stubGlobal("fetch", fetch);
  return { provide: defaultProvider(), asked: () => fetch.mock.calls.map(([url]) => url) };
}

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

describe("the credentials of a task", () => {
  it.each([
    ["of Fargate", { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/v2/1" }, "http://169.254.170.2/v2/1"],
    ["of the local cloud", { AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/2" }, "http://127.0.0.1:1/2"],
  ])("are read from the address %s, each time anew", async (_, variables, url) => {
    const { provide, asked } = given(variables);
    const expected = {
      accessKeyId: "ASIA",
      secretAccessKey: "hidden",
      sessionToken: "session",
      expiration: new Date("2026-11-29T12:00:00Z"),
    };
    expect([await provide(), await provide()]).toEqual([expected, expected]);
    expect(asked()).toEqual([url, url]);
  });

  it("that cannot be read are an error that says so, and holds none of the answer", async () => {
    const variables = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/v2/1" };
    const { provide } = given(variables, new Response("hidden", { status: 500 }));
    await expect(provide()).rejects.toThrow(/^the container's credentials cannot be read \(500\)$/);
  });

  it("are missing outside of a container", async () => {
    await expect(given({}).provide()).rejects.toThrow("there are no AWS credentials in this container");
  });
});
