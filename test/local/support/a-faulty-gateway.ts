import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { AccessKeys, type Caller } from "../../../local/gateway/access-keys.ts";
import type { FaultPlan } from "../../../local/gateway/faults/plan.ts";
import { Faults } from "../../../local/gateway/faults.ts";
import { Gateway } from "../../../local/gateway/gateway.ts";
import type { Service } from "../../../local/gateway/messages.ts";

/** A call that reached a service: `dynamodb:PutItem`, with the parameters. */
interface Effect {
  call: string;
  parameters: Record<string, unknown>;
}

/**
 * Starts a gateway with faults before services that accept everything, and clients of the real SDK, without retries, as
 * an execution environment of the function `f`. Closes it at the end of its scope.
 */
export async function aFaultyGateway(plan: FaultPlan) {
  const accessKeys = new AccessKeys();
  const effects: Effect[] = [];
  const faults = new Faults(plan);
  const service: Service = async ({ service, action }, { body }) => {
    const parameters = service === "s3" ? {} : (JSON.parse(body.toString() || "{}") as Record<string, unknown>);
    effects.push({ call: `${service}:${action}`, parameters });
    const headers = { "content-type": service === "s3" ? "application/xml" : "application/x-amz-json-1.0" };
    return { status: 200, headers, body: service === "s3" ? "" : "{}" };
  };
  const gateway = await Gateway.open({
    accessKeys,
    aheadMs: () => 0,
    services: { dynamodb: service, sqs: service, s3: service, scheduler: service, secretsmanager: service },
    interceptors: [faults.interceptor],
  });
  const clients: { destroy(): void }[] = [];
  const as = (caller: Caller, sessionToken?: string, requestHandler = {}) => {
    const { accessKeyId, secretAccessKey } = accessKeys.issue(caller);
    const credentials = { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
    const settings = { endpoint: gateway.endpoint, region: "us-east-1", credentials, maxAttempts: 1, requestHandler };
    const own = {
      dynamodb: new DynamoDBClient(settings),
      sqs: new SQSClient({ ...settings, useQueueUrlAsEndpoint: false, md5: false }),
      s3: new S3Client({ ...settings, forcePathStyle: true }),
      scheduler: new SchedulerClient(settings),
      secrets: new SecretsManagerClient(settings),
    };
    clients.push(...Object.values(own));
    return own;
  };
  return {
    faults,
    effects,
    as,
    ofFunction: (functionName = "f", requestHandler = {}) =>
      as({ kind: "function", functionName, roleArn: "arn:role" }, `environment of ${functionName}`, requestHandler),
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.destroy();
      await gateway.close();
    },
  };
}
