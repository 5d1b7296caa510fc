import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { App, SecretValue, Stack } from "aws-cdk-lib";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { describe, expect, it } from "vitest";
import { caller } from "../../harness/caller.ts";
import { Epoque } from "../../lib/epoque.ts";
import { startCloud } from "../../local/cloud.ts";
import { aProject } from "../support/a-project.ts";

const showVariables = `import { defer } from "@defer/client";
export default defer(async function showVariables() {
  const names = Object.keys(process.env).filter((name) => name.startsWith("EPOQUE_"));
  const { STAGE, STRIPE_KEY, PASSWORD, NODE_OPTIONS } = process.env;
  return { names, STAGE, STRIPE_KEY, PASSWORD, NODE_OPTIONS };
});`;

describe("an Epoque in somebody's own stack", () => {
  it("runs functions with the variables and secrets that were set, which nobody reads in the template", async () => {
    await using project = await aProject({ "package.json": "{}", "defer/showVariables.ts": showVariables });
    const outdir = await mkdtemp(join(tmpdir(), "epoque-construct-"));
    try {
      const app = new App({ outdir });
      const stack = new Stack(app, "Mine");
      // The value is in this template only because the test has to know it.
      const value = JSON.stringify({ key: "sk_1", password: "p" });
      const secret = new Secret(stack, "Stripe", { secretStringValue: SecretValue.unsafePlainText(value) });
      const jobs = new Epoque(stack, "Jobs", {
        functions: join(project.directory, "defer"),
        environment: { STAGE: stack.stackName, NODE_OPTIONS: "--no-warnings" },
        // Someone's strict types know no optional property that is undefined.
        secrets: { STRIPE_KEY: { secret: secret as never, field: "key" }, PASSWORD: secret as never },
      });
      expect(jobs.functions).toHaveLength(1);
      expect(() => jobs.function("other")).toThrow("there is no function other; there are showVariables");
      const assembly = app.synth().directory;
      const cloud = await startCloud({ assembly, port: 0, dynamodb: "dynalite", onLog: () => {} });
      try {
        const outputs = Object.entries(cloud.outputs["Mine"] ?? {});
        const [, SecretId] = outputs.find(([name]) => name.startsWith("JobsTokenSecret")) ?? [];
        const secrets = new SecretsManagerClient({
          endpoint: cloud.gatewayEndpoint,
          region: cloud.region,
          credentials: cloud.operator,
        });
        const { SecretString = "" } = await secrets.send(new GetSecretValueCommand({ SecretId }));
        const calls = caller({ DEFER_ENDPOINT: cloud.apiEndpoint, DEFER_TOKEN: SecretString });
        const id = await calls.enqueue("showVariables");
        await calls.ended(id);
        expect(await calls.result(id)).toEqual({
          // Nothing of the runner's own.
          names: [],
          STAGE: "Mine",
          STRIPE_KEY: "sk_1",
          PASSWORD: value,
          NODE_OPTIONS: "--no-warnings",
        });
      } finally {
        await cloud.stop();
      }
    } finally {
      await rm(outdir, { recursive: true });
    }
  });
});
