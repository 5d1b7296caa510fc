import {
  type GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { describe, expect, it, vi } from "vitest";
import { secretTokens } from "../../lambdas/aws/tokens.ts";
import { steppedClock } from "../support/memory-ports.ts";

const arns = { apiToken: "arn:api", signingKey: "arn:key" };

/** A client whose secrets are `values`, by stage; it counts what it is asked. */
function secretsOf(values: Record<string, string>) {
  const client = new SecretsManagerClient({ region: "us-east-1" });
  let asked = 0;
  client.send = (async (command: GetSecretValueCommand) => {
    asked += 1;
    const value = values[command.input.VersionStage ?? ""];
    if (value === "broken") throw new Error("the network is down");
    if (value === undefined) throw new ResourceNotFoundException({ message: "no such stage", $metadata: {} });
    return { SecretString: value };
  }) as typeof client.send;
  return { client, values, asked: () => asked };
}

describe("the secrets", () => {
  it("are the current value, and the previous one where there is one", async () => {
    const one = secretTokens(secretsOf({ AWSCURRENT: "a" }).client, arns, steppedClock(0));
    expect(await one.apiTokens()).toEqual(["a"]);
    const two = secretTokens(secretsOf({ AWSCURRENT: "b", AWSPREVIOUS: "a" }).client, arns, steppedClock(0));
    expect(await two.apiTokens()).toEqual(["b", "a"]);
  });

  it("are read once, and again after five minutes, so that a rotation is seen", async () => {
    const clock = steppedClock(0);
    const { client, values, asked } = secretsOf({ AWSCURRENT: "a" });
    const tokens = secretTokens(client, arns, clock);
    await Promise.all([tokens.apiTokens(), tokens.apiTokens()]);
    await tokens.apiTokens();
    expect(asked()).toBe(2);
    values["AWSCURRENT"] = "b";
    clock.advance(5 * 60_000 + 1);
    // Nobody waits for it.
    expect(await tokens.apiTokens()).toEqual(["a"]);
    await vi.waitFor(async () => expect(await tokens.apiTokens()).toEqual(["b"]));
    expect(asked()).toBe(4);
  });

  it("are read again at once for who shows an unknown one, and not for every guess", async () => {
    const clock = steppedClock(0);
    const { client, values, asked } = secretsOf({ AWSCURRENT: "a" });
    const tokens = secretTokens(client, arns, clock);
    await tokens.apiTokens();
    values["AWSCURRENT"] = "b";
    expect(await tokens.apiTokens(0)).toEqual(["a"]);
    expect(asked()).toBe(2);
    clock.advance(10_001);
    expect(await tokens.apiTokens(0)).toEqual(["b"]);
    expect(asked()).toBe(4);
  });

  it("must not be empty: an empty token would be everybody's", async () => {
    const tokens = secretTokens(secretsOf({ AWSCURRENT: "" }).client, arns, steppedClock(0));
    await expect(tokens.apiTokens()).rejects.toThrow("has no value");
  });
});
