import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { type CloudOptions, startCloud } from "../../../local/cloud.ts";
import { type AssemblyOptions, anAssembly } from "./an-assembly.ts";

/** Starts a cloud of these resources, with clients of the real SDK. Stops it at the end of its scope. */
export async function runCloud(assemblyOptions: AssemblyOptions, options: Partial<CloudOptions> = {}) {
  const assembly = anAssembly(assemblyOptions);
  const assemblies = [assembly];
  const lines: string[] = [];
  const cloud = await startCloud({
    assembly: assembly.directory,
    port: 0,
    dynamodb: "dynalite",
    onLog: ({ line }) => lines.push(line),
    ...options,
  }).catch((error) => {
    assembly[Symbol.dispose]();
    throw error;
  });
  const settings = {
    endpoint: cloud.gatewayEndpoint,
    region: cloud.region,
    credentials: cloud.operator,
    maxAttempts: 1,
  };
  const clients = {
    dynamodb: new DynamoDBClient(settings),
    sqs: new SQSClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    secrets: new SecretsManagerClient(settings),
    scheduler: new SchedulerClient(settings),
  };
  return {
    cloud,
    settings,
    /** All log lines of the Lambdas. */
    lines,
    ...clients,
    /** Returns the `Ref` of a resource of the stack `Main`. */
    ref: (logicalId: string) => cloud.physicalId("Main", logicalId) ?? "",
    async update(next: AssemblyOptions) {
      const to = anAssembly(next);
      // Functions run from this folder.
      assemblies.push(to);
      await cloud.update(to.directory);
    },
    async [Symbol.asyncDispose]() {
      for (const client of Object.values(clients)) client.destroy();
      await cloud.stop();
      for (const one of assemblies) one[Symbol.dispose]();
    },
  };
}
