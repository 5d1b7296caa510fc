import { join } from "node:path";
import { SecretValue, Stack } from "aws-cdk-lib";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { buildCode } from "../../../builder/build-code.ts";
import { newApp } from "../../../lib/app.ts";
import { addStacks } from "../../../lib/stacks.ts";

/** Synthesizes both stacks below `parent` for these functions, with a secret of the user as `KEY` and events. */
export async function anAssemblyWithSecret(functions: string, parent: string): Promise<string> {
  const code = await buildCode({ functions, outDirectory: join(parent, "build"), platform: "host" });
  const app = newApp({ outdir: join(parent, "assembly"), builtinCloudFormationValidation: false, treeMetadata: false });
  const users = new Stack(app, "Users");
  new Secret(users, "Key", { secretName: "users/key", secretStringValue: SecretValue.unsafePlainText("sk_1") });
  addStacks(app, code, { secrets: { KEY: "users/key" }, events: true });
  return app.synth().directory;
}
