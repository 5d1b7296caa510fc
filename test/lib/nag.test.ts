import { CloudFormationValidatePlugin, type IPolicyValidationPlugin, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { expect, it } from "vitest";
import { aManifest, withApp } from "../../harness/templates.ts";

it("the stacks keep AWS's rules (cdk-nag) and CloudFormation's, or say beside the resource why not", () => {
  const functions = [
    aManifest({ cron: "*/5 * * * *" }),
    aManifest({ name: "oneByOne", concurrency: 1 }),
    aManifest({ name: "fewAtOnce", concurrency: 7 }),
    aManifest({ name: "long", compute: "fargate", maxDurationSeconds: 3_600 }),
  ];
  const synthesize = () =>
    withApp(functions, { alarmEmail: "on-call@example.com", events: true }, (app) => {
      // Its version may be undefined, which the CDK's own interface does not say.
      const validation = new CloudFormationValidatePlugin() as IPolicyValidationPlugin;
      Validations.of(app).addPlugins(new AwsSolutionsChecks(app), validation);
      app.synth();
    });
  expect(synthesize).not.toThrow();
});
