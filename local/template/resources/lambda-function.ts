import { statSync } from "node:fs";
import * as z from "zod";
import { arn } from "../../account.ts";
import {
  type DeployedState,
  nameFor,
  type ResourceContext,
  type ResourceHandler,
  withoutEffect,
} from "./resource-handler.ts";
import type { Services } from "./services.ts";

const Properties = z.strictObject({
  FunctionName: z.string().optional(),
  Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
  Handler: z.string(),
  /** All functions run on the Node.js of this process. */
  Runtime: z.string().regex(/^nodejs/, "only Node.js runs here"),
  Role: z.string(),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.string()).optional() }).optional(),
  MemorySize: z.number().int().min(128).default(128),
  Timeout: z.number().int().min(1).max(900).default(3),
  LoggingConfig: z
    .strictObject({ LogGroup: z.string().optional(), LogFormat: withoutEffect, SystemLogLevel: withoutEffect })
    .optional(),
  // Without effect: architecture, tracing, reserved concurrency, recursion detection.
  Architectures: withoutEffect,
  TracingConfig: withoutEffect,
  ReservedConcurrentExecutions: withoutEffect,
  RecursiveLoop: withoutEffect,
  Description: withoutEffect,
  Tags: withoutEffect,
});

type FunctionProperties = z.infer<typeof Properties>;

/** `AWS::Lambda::Function`, with code from the assembly. */
export function lambdaFunction({ lambda, policies, accessKeys }: Services): ResourceHandler<FunctionProperties> {
  const put = async (properties: FunctionProperties, place: ResourceContext): Promise<DeployedState> => {
    const name = properties.FunctionName ?? nameFor(place);
    const functionArn = arn("lambda", `function:${name}`);
    if (!policies.mayAssume("lambda.amazonaws.com", properties.Role, functionArn)) {
      throw new Error("The role defined for the function cannot be assumed by Lambda.");
    }
    const existing = lambda.configuration(name);
    lambda.put({
      name,
      arn: functionArn,
      handler: properties.Handler,
      codeId: properties.Code.S3Key,
      codeDirectory: codeDirectory(properties, place),
      environment: properties.Environment?.Variables ?? {},
      memoryMegabytes: properties.MemorySize,
      timeoutSeconds: properties.Timeout,
      logGroup: properties.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
      roleArn: properties.Role,
      accessKey: keyFor(existing?.accessKey, name, properties.Role),
    });
    return { ref: name, attributes: { Arn: functionArn } };
  };
  type AccessKey = ReturnType<typeof accessKeys.issue>;
  const keyFor = (existing: AccessKey | undefined, functionName: string, roleArn: string) => {
    if (existing?.caller.kind === "function" && existing.caller.roleArn === roleArn) return existing;
    return accessKeys.issue({ kind: "function", functionName, roleArn });
  };
  return {
    properties: Properties,
    // The next assembly may have moved the code.
    isAlwaysUpdated: true,
    create: put,
    update: (properties, old, place) =>
      properties.FunctionName === old.FunctionName ? put(properties, place) : Promise.resolve(undefined),
    async remove(_, { ref }) {
      const accessKey = lambda.configuration(ref)?.accessKey;
      lambda.remove(ref);
      if (accessKey !== undefined) accessKeys.revoke(accessKey);
    },
  };
}

function codeDirectory({ Code }: FunctionProperties, place: ResourceContext): string {
  const directory = place.asset(Code.S3Key);
  if (directory === undefined) throw new Error(`its code ${Code.S3Key} is no asset of this assembly`);
  if (!statSync(directory).isDirectory()) throw new Error(`its code must be a folder, not a file: ${directory}`);
  return directory;
}
