import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export type Resources = Record<string, Record<string, unknown>>;

export interface AssemblyOptions {
  /** Resources of the stack `Main`. */
  resources: Resources;
  /** Further stacks, before `Main`. */
  stacks?: Record<string, { Resources: Resources; Outputs?: Record<string, unknown> }>;
  outputs?: Record<string, unknown>;
  /** The code of `index.mjs`, by the name of its asset. */
  code?: Record<string, string>;
}

/** Writes a cloud assembly to disk, in CDK's format. Removes it at the end of its scope. */
export function anAssembly({ resources, stacks = {}, outputs = {}, code = {} }: AssemblyOptions) {
  const directory = mkdtempSync(join(tmpdir(), "epoque-assembly-"));
  // Lets the code import the SDK.
  symlinkSync(resolve("node_modules"), join(directory, "node_modules"));
  const write = (name: string, content: unknown) => writeFileSync(join(directory, name), JSON.stringify(content));
  const artifacts: Record<string, unknown> = {};
  const all = { ...stacks, Main: { Resources: { ...ANY_ROLE, ...resources }, Outputs: outputs } };
  for (const [name, template] of Object.entries(all)) {
    write(`${name}.template.json`, template);
    artifacts[name] = {
      type: "aws:cloudformation:stack",
      properties: { templateFile: `${name}.template.json` },
      dependencies: name === "Main" ? Object.keys(stacks) : [],
    };
  }
  const files: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(code)) {
    mkdirSync(join(directory, `asset.${name}`));
    writeFileSync(join(directory, `asset.${name}`, "index.mjs"), text);
    files[name] = { source: { path: `asset.${name}` }, destinations: { here: { objectKey: `${name}.zip` } } };
  }
  write("Main.assets.json", { files });
  artifacts["Main.assets"] = { type: "cdk:asset-manifest", properties: { file: "Main.assets.json" } };
  write("manifest.json", { artifacts });
  return { directory, [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }) };
}

/** The default role of functions: everything is allowed. */
const ANY_ROLE: Resources = {
  AnyRole: aRole("lambda.amazonaws.com", { RoleName: "any", Policies: [allowing("*", "*")] }),
};

/** Returns an inline policy of a role. */
export function allowing(Action: string | string[], Resource: unknown) {
  const Statement = [{ Effect: "Allow", Action, Resource }];
  return { PolicyName: "allowing", PolicyDocument: { Version: "2012-10-17", Statement } };
}

/** Returns a function resource. Its code is by default the asset of the same name. */
export function aFunction(name: string, changes: Record<string, unknown> = {}, asset = name) {
  return {
    Type: "AWS::Lambda::Function",
    Properties: {
      FunctionName: name,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/any",
      Code: { S3Bucket: "assets", S3Key: `${asset}.zip` },
      Timeout: 10,
      ...changes,
    },
  };
}

export function aQueue(properties: Record<string, unknown> = {}) {
  return { Type: "AWS::SQS::Queue", Properties: properties };
}

/** Returns a role that a service may assume. */
export function aRole(service: string, properties: Record<string, unknown> = {}) {
  return {
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
      },
      ...properties,
    },
  };
}

export function aTable(changes: Record<string, unknown> = {}) {
  return {
    Type: "AWS::DynamoDB::GlobalTable",
    Properties: {
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
      Replicas: [{ Region: { Ref: "AWS::Region" } }],
      ...changes,
    },
  };
}

export function aMapping(queue: string, fn: string, properties: Record<string, unknown> = {}) {
  return {
    Type: "AWS::Lambda::EventSourceMapping",
    Properties: { EventSourceArn: { "Fn::GetAtt": [queue, "Arn"] }, FunctionName: { Ref: fn }, ...properties },
  };
}

/** Returns the resources of an HTTP API whose routes all lead to one function. */
export function anApi(fn: string, ...routeKeys: string[]): Resources {
  const ApiId = { Ref: "Api" };
  const routes = routeKeys.map((RouteKey, index) => [
    `Route${index}`,
    {
      Type: "AWS::ApiGatewayV2::Route",
      Properties: {
        ApiId,
        RouteKey,
        Target: { "Fn::Join": ["/", ["integrations", { Ref: "Integration" }]] },
        ...(RouteKey.includes("/iam/") && { AuthorizationType: "AWS_IAM" }),
      },
    },
  ]);
  return {
    Api: { Type: "AWS::ApiGatewayV2::Api", Properties: { Name: "api", ProtocolType: "HTTP" } },
    Stage: { Type: "AWS::ApiGatewayV2::Stage", Properties: { ApiId, StageName: "$default", AutoDeploy: true } },
    Integration: {
      Type: "AWS::ApiGatewayV2::Integration",
      Properties: {
        ApiId,
        IntegrationType: "AWS_PROXY",
        IntegrationUri: { "Fn::GetAtt": [fn, "Arn"] },
        PayloadFormatVersion: "2.0",
      },
    },
    Permission: {
      Type: "AWS::Lambda::Permission",
      Properties: {
        Action: "lambda:InvokeFunction",
        FunctionName: { Ref: fn },
        Principal: "apigateway.amazonaws.com",
        SourceArn: { "Fn::Join": ["", ["arn:aws:execute-api:us-east-1:000000000000:", ApiId, "/*/*"]] },
      },
    },
    ...Object.fromEntries(routes),
  };
}
