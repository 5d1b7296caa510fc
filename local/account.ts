import { createHash } from "node:crypto";

// The account that the local cloud stands for.

export const REGION = "us-east-1";
export const ACCOUNT = "000000000000";
export const PARTITION = "aws";
export const URL_SUFFIX = "amazonaws.com";

/** Returns the ARN of a resource in the local account and region. */
export function arn(service: string, resource: string): string {
  return `arn:${PARTITION}:${service}:${REGION}:${ACCOUNT}:${resource}`;
}

/** Returns an ARN of IAM, which has no region. */
export function iamArn(resource: string): string {
  return `arn:${PARTITION}:iam::${ACCOUNT}:${resource}`;
}

/** Returns letters and digits that look random but are the same at every start: a data directory is found again. */
export function stableId(seed: string, length: number): string {
  return createHash("sha256").update(seed).digest("hex").slice(0, length);
}

/** Returns a `stableId` in the form of a UUID. */
export function stableUuid(seed: string): string {
  return stableId(seed, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Returns the ARN of a secret. It ends in random-looking characters, and a policy may name it. */
export function secretArn(name: string): string {
  return arn("secretsmanager", `secret:${name}-${stableId(name, 6)}`);
}

/** Returns the ARN of a CloudWatch alarm. */
export function alarmArn(name: string): string {
  return arn("cloudwatch", `alarm:${name}`);
}

/** Returns the ARN of an event bus, given its name or its ARN. */
export function eventBusArn(name: string): string {
  return name.startsWith("arn:") ? name : arn("events", `event-bus/${name}`);
}
