import {
  BatchGetSecretValueCommand,
  type GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { describe, expect, it, vi } from "vitest";
import { memoryPorts, steppedClock } from "../../harness/memory/memory-ports.ts";
import { authenticate } from "../../lambdas/api/authenticate.ts";
import { secretTokens, secretValues } from "../../lambdas/aws/tokens.ts";
import { enqueue } from "../../lambdas/flows/enqueue.ts";

const arns = { apiToken: "arn:api", signingKey: "arn:key" };

/** A client whose secrets are `values`, by stage, each with its ARN behind it; it counts what it is asked. */
function secretsOf(values: Record<string, string>) {
  const client = new SecretsManagerClient({ region: "us-east-1" });
  let asked = 0;
  const textOf = (stage: string, arn: string) => values[stage] && `${values[stage]}@${arn}`;
  client.send = (async (command: GetSecretValueCommand | BatchGetSecretValueCommand) => {
    asked += 1;
    if (command instanceof BatchGetSecretValueCommand) {
      const { SecretIdList = [] } = command.input;
      if (values["AWSCURRENT"] === "refused") {
        return { Errors: [{ SecretId: SecretIdList[0], ErrorCode: "AccessDeniedException" }] };
      }
      return { SecretValues: SecretIdList.map((ARN) => ({ ARN, SecretString: textOf("AWSCURRENT", ARN) })) };
    }
    const { SecretId = "", VersionStage = "" } = command.input;
    if (!(VersionStage in values)) throw new ResourceNotFoundException({ message: "no such stage", $metadata: {} });
    return { SecretString: textOf(VersionStage, SecretId) };
  }) as typeof client.send;
  return { client, values, asked: () => asked };
}

describe("the secrets", () => {
  it("are the current value, and the previous one where there is one", async () => {
    const one = secretTokens(secretsOf({ AWSCURRENT: "a" }).client, arns, steppedClock(0));
    expect(await one.apiTokens(Infinity)).toEqual(["a@arn:api"]);
    const { client } = secretsOf({ AWSCURRENT: "b", AWSPREVIOUS: "a" });
    const two = secretTokens(client, arns, steppedClock(0));
    expect(await two.apiTokens(Infinity)).toEqual(["b@arn:api", "a@arn:api"]);
    expect(await two.signingKeys(Infinity)).toEqual(["b@arn:key", "a@arn:key"]);
    expect(await secretValues(client, "arn:key", steppedClock(0))(Infinity)).toEqual(["b@arn:key", "a@arn:key"]);
  });

  it("are read with one request for an enqueue, whoever has the current token", async () => {
    const { client, asked } = secretsOf({ AWSCURRENT: "b", AWSPREVIOUS: "a" });
    const ports = { ...memoryPorts(0), tokens: secretTokens(client, arns, steppedClock(0)) };
    const header = `Basic ${btoa(":b@arn:api")}`;
    expect(await authenticate(header, { ...ports, executionTokens: "tree" })).toHaveProperty("name", "admin");
    await enqueue(ports, { functionName: "importContacts", arguments: "[]", metadata: {} });
    expect(asked()).toBe(1);
  });

  it("have a previous value that is read for who shows it, and is known from then on", async () => {
    const { client, asked } = secretsOf({ AWSCURRENT: "b", AWSPREVIOUS: "a" });
    const ports = { ...memoryPorts(0), tokens: secretTokens(client, arns, steppedClock(0)) };
    for (let count = 0; count < 3; count++) {
      const principal = await authenticate("Bearer a@arn:api", { ...ports, executionTokens: "tree" });
      expect(principal).toHaveProperty("name", "admin");
    }
    expect(asked()).toBe(2);
  });

  it("are read once, and again after five minutes, so that a rotation is seen", async () => {
    const clock = steppedClock(0);
    const { client, values, asked } = secretsOf({ AWSCURRENT: "a" });
    const tokens = secretTokens(client, arns, clock);
    await Promise.all([tokens.apiTokens(), tokens.apiTokens(), tokens.signingKeys()]);
    await tokens.apiTokens();
    expect(asked()).toBe(1);
    values["AWSCURRENT"] = "b";
    clock.advance(5 * 60_000 + 1);
    // Nobody waits for it.
    expect(await tokens.apiTokens()).toEqual(["a@arn:api"]);
    await vi.waitFor(async () => expect(await tokens.apiTokens()).toEqual(["b@arn:api"]));
    expect(asked()).toBe(2);
  });

  it("are read again at once for who shows an unknown one, and not for every guess", async () => {
    const clock = steppedClock(0);
    const { client, values, asked } = secretsOf({ AWSCURRENT: "a" });
    const tokens = secretTokens(client, arns, clock);
    await tokens.apiTokens();
    values["AWSCURRENT"] = "b";
    expect(await tokens.apiTokens(0)).toEqual(["a@arn:api"]);
    expect(asked()).toBe(2);
    clock.advance(10_001);
    expect(await tokens.apiTokens(0)).toEqual(["b@arn:api"]);
    expect(await tokens.apiTokens(0)).toEqual(["b@arn:api"]);
    expect(asked()).toBe(4);
  });

  it("must not be empty: an empty token would be everybody's", async () => {
    const tokens = secretTokens(secretsOf({ AWSCURRENT: "" }).client, arns, steppedClock(0));
    await expect(tokens.apiTokens()).rejects.toThrow("has no value");
  });

  it("say why they cannot be read", async () => {
    const tokens = secretTokens(secretsOf({ AWSCURRENT: "refused" }).client, arns, steppedClock(0));
    await expect(tokens.apiTokens()).rejects.toThrow("the secret arn:api cannot be read: AccessDeniedException");
  });
});
