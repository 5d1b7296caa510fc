import {
  BatchGetSecretValueCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
} from "@aws-sdk/client-secrets-manager";
import { describe, it } from "vitest";
import { generateSecretText } from "../../local/services/secret-text.ts";
import { runCloud } from "./support/run-cloud.ts";

const aSecret = (Properties: Record<string, unknown> = {}) => ({ Type: "AWS::SecretsManager::Secret", Properties });

describe("a secret", () => {
  it("is found by ARN and by name, and moves its stages with a new value", async ({ expect }) => {
    await using it = await runCloud({ resources: { Secret: aSecret({ Name: "token", SecretString: "one" }) } });
    const get = (SecretId: string, VersionStage?: string) =>
      it.secrets.send(new GetSecretValueCommand({ SecretId, ...(VersionStage !== undefined && { VersionStage }) }));
    expect((await get("token")).SecretString).toBe("one");
    await it.secrets.send(new PutSecretValueCommand({ SecretId: "token", SecretString: "two" }));
    expect(await get(it.ref("Secret"))).toMatchObject({ SecretString: "two", VersionStages: ["AWSCURRENT"] });
    expect((await get("token", "AWSPREVIOUS")).SecretString).toBe("one");
    await it.secrets.send(new PutSecretValueCommand({ SecretId: "token", SecretString: "three" }));
    expect((await get("token", "AWSPREVIOUS")).SecretString).toBe("two");
    const { VersionIdsToStages = {} } = await it.secrets.send(new DescribeSecretCommand({ SecretId: "token" }));
    expect(Object.values(VersionIdsToStages).flat().sort()).toEqual(["AWSCURRENT", "AWSPREVIOUS"]);
  });

  it("is read together with others, each with its value or its error", async ({ expect }) => {
    const resources = {
      One: aSecret({ Name: "one", SecretString: "1" }),
      Two: aSecret({ Name: "two", SecretString: "2" }),
    };
    await using it = await runCloud({ resources });
    const batch = new BatchGetSecretValueCommand({ SecretIdList: ["one", "other", it.ref("Two")] });
    expect(await it.secrets.send(batch)).toMatchObject({
      SecretValues: [
        { ARN: it.ref("One"), SecretString: "1" },
        { ARN: it.ref("Two"), SecretString: "2" },
      ],
      Errors: [{ SecretId: "other", ErrorCode: "ResourceNotFoundException" }],
    });
  });

  it("is not found under another name; unsupported actions are named", async ({ expect }) => {
    await using it = await runCloud({ resources: { Secret: aSecret() } });
    await expect(it.secrets.send(new GetSecretValueCommand({ SecretId: "other" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    await expect(it.secrets.send(new ListSecretsCommand())).rejects.toThrow('no action "ListSecrets"');
  });

  it("is generated as the template says", ({ expect }) => {
    expect(generateSecretText({ PasswordLength: 43, ExcludePunctuation: true })).toMatch(/^[A-Za-z0-9]{43}$/);
    expect(generateSecretText({ ExcludeLowercase: true, ExcludeUppercase: true, ExcludePunctuation: true })).toMatch(
      /^\d{32}$/,
    );
    expect(generateSecretText({ PasswordLength: 200, ExcludeCharacters: "abc" })).not.toMatch(/[abc]/);
    const json = generateSecretText({ SecretStringTemplate: '{"user":"u"}', GenerateStringKey: "password" });
    expect(JSON.parse(json)).toEqual({ user: "u", password: expect.stringMatching(/^.{32}$/) });
  });
});
