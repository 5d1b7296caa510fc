import { randomUUID } from "node:crypto";
import * as z from "zod";
import { AwsFailure } from "../gateway/failures.ts";
import { jsonBody } from "../gateway/json-body.ts";
import type { Service } from "../gateway/messages.ts";
import type { Secret, Secrets } from "./secrets.ts";

/** Serves the supported actions of Secrets Manager, by its JSON 1.1 protocol. */
export function secretsService(secrets: Secrets): Service {
  return async ({ action }, request) => {
    const handler = actions[action];
    if (handler === undefined) {
      throw new AwsFailure(400, "UnknownOperationException", `The local Secrets Manager has no action "${action}".`);
    }
    return {
      status: 200,
      headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": randomUUID() },
      body: JSON.stringify(handler(secrets, jsonBody(request))),
    };
  };
}

const actions: Record<string, (secrets: Secrets, input: unknown) => unknown> = {
  GetSecretValue: getSecretValue,
  BatchGetSecretValue: batchGetSecretValue,
  PutSecretValue: putSecretValue,
  DescribeSecret: describeSecret,
};

const GetInput = z.strictObject({
  SecretId: z.string(),
  VersionId: z.string().optional(),
  VersionStage: z.string().optional(),
});

function getSecretValue(secrets: Secrets, input: unknown): unknown {
  const { SecretId, VersionId, VersionStage } = validate(GetInput, input);
  const secret = find(secrets, SecretId);
  const stage = VersionStage ?? (VersionId === undefined ? "AWSCURRENT" : undefined);
  const found = Object.entries(secret.versions).find(
    ([id, { stages }]) =>
      (VersionId === undefined || id === VersionId) && (stage === undefined || stages.includes(stage)),
  );
  if (found === undefined) {
    const wanted = VersionId === undefined ? `staging label: ${stage}` : `VersionId: ${VersionId}`;
    throw notFound(`Secrets Manager can't find the specified secret value for ${wanted}`);
  }
  const [id, { value, stages, createdMs }] = found;
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: id,
    SecretString: value,
    VersionStages: stages,
    CreatedDate: createdMs / 1_000,
  };
}

const BatchGetInput = z.strictObject({ SecretIdList: z.array(z.string()).min(1).max(20) });

function batchGetSecretValue(secrets: Secrets, input: unknown): unknown {
  const results = validate(BatchGetInput, input).SecretIdList.map((SecretId) => {
    try {
      return { value: getSecretValue(secrets, { SecretId }) };
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      return { error: { SecretId, ErrorCode: error.code, Message: error.message } };
    }
  });
  return {
    SecretValues: results.flatMap(({ value }) => value ?? []),
    Errors: results.flatMap(({ error }) => error ?? []),
  };
}

const PutInput = z.strictObject({
  SecretId: z.string(),
  SecretString: z.string().min(1),
  ClientRequestToken: z.string().optional(),
  VersionStages: z.array(z.string()).min(1).optional(),
});

function putSecretValue(secrets: Secrets, input: unknown): unknown {
  const { SecretId, SecretString, ClientRequestToken, VersionStages } = validate(PutInput, input);
  const secret = find(secrets, SecretId);
  const id = ClientRequestToken ?? randomUUID();
  const stages = VersionStages ?? ["AWSCURRENT"];
  const existing = secret.versions[id];
  if (existing !== undefined && existing.value !== SecretString) {
    const message = `You can't use the same ClientRequestToken for another value: ${id}`;
    throw new AwsFailure(400, "ResourceExistsException", message);
  }
  if (existing === undefined) secrets.put(secret, id, SecretString, stages);
  return { ARN: secret.arn, Name: secret.name, VersionId: id, VersionStages: existing?.stages ?? stages };
}

function describeSecret(secrets: Secrets, input: unknown): unknown {
  const { arn, name, description, createdMs, changedMs, versions } = find(
    secrets,
    validate(z.strictObject({ SecretId: z.string() }), input).SecretId,
  );
  return {
    ARN: arn,
    Name: name,
    Description: description,
    CreatedDate: createdMs / 1_000,
    LastChangedDate: changedMs / 1_000,
    VersionIdsToStages: Object.fromEntries(Object.entries(versions).map(([id, { stages }]) => [id, stages])),
  };
}

function find(secrets: Secrets, id: string): Secret {
  const secret = secrets.find(id);
  if (secret === undefined) throw notFound("Secrets Manager can't find the specified secret.");
  return secret;
}

function notFound(message: string): AwsFailure {
  return new AwsFailure(400, "ResourceNotFoundException", message);
}

function validate<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new AwsFailure(400, "ValidationException", z.prettifyError(parsed.error));
}
