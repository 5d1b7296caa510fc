import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type Cloud, type CloudOptions, startCloud } from "../local/cloud.ts";
import { anAssembly } from "./an-assembly.ts";
import { type Caller, caller } from "./caller.ts";
import { until } from "./until.ts";
import { Writes } from "./writes.ts";

/** The whole of Epoque in this process, with a look behind the scenes. */
export interface RunningCloud {
  cloud: Cloud;
  calls: Caller;
  /** The API token. */
  token: string;
  /** Settings of an SDK client that acts as the operator. */
  client: { endpoint: string; region: string; credentials: Cloud["operator"] };
  dynamodb: DynamoDBClient;
  /** Moves to the functions of a folder as they are now, as a deployment does. */
  deploy(functions: string): Promise<void>;
  /** How many messages are in each queue, whether waiting, delayed or in flight; empty queues are left out. */
  messages(): Promise<Record<string, number>>;
  /**
   * Resolves when no function runs and no message is there to be received. Those that are delayed do not count: the
   * clock of the queues is not moved.
   */
  settled(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function aCloud(
  options: { functions?: string } & Pick<CloudOptions, "dynamodb"> & Partial<CloudOptions>,
): Promise<RunningCloud> {
  const parent = await mkdtemp(join(tmpdir(), "epoque-cloud-"));
  const { functions = "harness/basics/defer", ...rest } = options;
  const assembly = rest.assembly ?? (await anAssembly(functions, process.env["EPOQUE_SHARED_FOLDER"] ?? parent));
  const writes = new Writes();
  const interceptors = [writes.interceptor, ...(rest.interceptors ?? [])];
  const cloud = await startCloud({ port: 0, onLog: () => {}, ...rest, assembly, interceptors });
  const client = { endpoint: cloud.gatewayEndpoint, region: cloud.region, credentials: cloud.operator };
  const secrets = new SecretsManagerClient(client);
  const secret = await secrets.send(
    new GetSecretValueCommand({ SecretId: cloud.outputs["Epoque-stateless"]?.["TokenSecret"] }),
  );
  const sqs = new SQSClient(client);
  return {
    cloud,
    calls: caller({ DEFER_ENDPOINT: cloud.apiEndpoint, DEFER_TOKEN: secret.SecretString ?? "" }, writes),
    token: secret.SecretString ?? "",
    client,
    dynamodb: new DynamoDBClient(client),
    async deploy(folder) {
      const { assemble } = await import("../bin/dev/assembly.ts");
      await cloud.update((await assemble(folder, parent)).directory);
    },
    messages: () => countMessages(cloud, sqs, [...RECEIVABLE, "ApproximateNumberOfMessagesDelayed"]),
    async settled() {
      const moving = async () => ({
        running: cloud.environments(/./).filter(({ state }) => state === "running"),
        messages: await countMessages(cloud, sqs, RECEIVABLE),
      });
      // A message may have moved on while the queues were counted.
      for (let looks = 0; looks < 2; looks++) {
        await until(moving, (it) => it.running.length === 0 && Object.keys(it.messages).length === 0);
      }
    },
    async [Symbol.asyncDispose]() {
      await cloud.stop();
      await rm(parent, { recursive: true });
    },
  };
}

type MessageCount = `ApproximateNumberOfMessages${"" | "NotVisible" | "Delayed"}`;

const RECEIVABLE: readonly MessageCount[] = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"];

async function countMessages(
  cloud: Cloud,
  sqs: SQSClient,
  counted: readonly MessageCount[],
): Promise<Record<string, number>> {
  const queues = cloud.resources.filter(({ type }) => type === "AWS::SQS::Queue");
  const counts = await Promise.all(
    queues.map(async ({ physicalId }) => {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: physicalId, AttributeNames: ["All"] }),
      );
      const count = counted.reduce((sum, name) => sum + Number(Attributes[name]), 0);
      return [physicalId.split("/").at(-1) ?? "", count] as const;
    }),
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
