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

const HOUR_MS = 3_600_000;
const ON_FARGATE = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/v2/1" };

function given(variables: Record<string, string>, answer: Response = Response.json(credentials)) {
  vi.useFakeTimers({ now: Date.parse(credentials.Expiration) - 6 * HOUR_MS, toFake: ["Date"] });
  vi.stubEnv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", undefined);
  vi.stubEnv("AWS_CONTAINER_CREDENTIALS_FULL_URI", undefined);
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const fetch = vi.fn(async (_url: string) => answer.clone());
  vi.stubGlobal("fetch", fetch);
  return { provide: defaultProvider(), fetch, asked: () => fetch.mock.calls.map(([url]) => url) };
}

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

describe("the credentials of a task", () => {
  it.each([
    ["of Fargate", ON_FARGATE, "http://169.254.170.2/v2/1"],
    ["of the local cloud", { AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/2" }, "http://127.0.0.1:1/2"],
  ])("are read from the address %s, once for all that ask", async (_, variables, url) => {
    const { provide, asked } = given(variables);
    const expected = {
      accessKeyId: "ASIA",
      secretAccessKey: "hidden",
      sessionToken: "session",
      expiration: new Date("2026-11-29T12:00:00Z"),
    };
    expect(await Promise.all([provide(), provide()])).toEqual([expected, expected]);
    expect(await provide()).toEqual(expected);
    expect(asked()).toEqual([url]);
  });

  it("are read again five minutes before they end", async () => {
    const { provide, fetch, asked } = given(ON_FARGATE);
    await provide();
    vi.setSystemTime(Date.parse(credentials.Expiration) - 300_001);
    await provide();
    expect(asked()).toHaveLength(1);
    vi.setSystemTime(Date.parse(credentials.Expiration) - 300_000);
    fetch.mockImplementation(async () => Response.json({ ...credentials, Token: "next" }));
    expect(await provide()).toMatchObject({ sessionToken: "next" });
  });

  it("are used to their end while they cannot be read again, and then are an error, until they can", async () => {
    const { provide, fetch } = given(ON_FARGATE);
    const first = await provide();
    fetch.mockImplementation(async () => new Response("", { status: 429 }));
    vi.setSystemTime(first.expiration.getTime() - 1);
    expect(await provide()).toEqual(first);
    vi.setSystemTime(first.expiration);
    await expect(provide()).rejects.toThrow("cannot be read (429)");
    fetch.mockImplementation(async () => Response.json(credentials));
    expect(await provide()).toEqual(first);
  });

  it("that cannot be read are an error that says so, and holds none of the answer", async () => {
    const { provide } = given(ON_FARGATE, new Response("hidden", { status: 500 }));
    await expect(provide()).rejects.toThrow(/^the container's credentials cannot be read \(500\)$/);
  });

  it("are missing outside of a container", async () => {
    await expect(given({}).provide()).rejects.toThrow("there are no AWS credentials in this container");
  });
});
