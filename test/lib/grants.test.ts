import type { Stack } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { AttributeType, Table, TableEncryption, TableEncryptionV2, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { EventBus } from "aws-cdk-lib/aws-events";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Stream } from "aws-cdk-lib/aws-kinesis";
import { Key } from "aws-cdk-lib/aws-kms";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { type ISecret, Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import { Construct } from "constructs";
import { describe, expect, it } from "vitest";
import { aManifest, withStack } from "../../harness/templates.ts";
import type { FunctionOptions } from "../../lib/options.ts";

const partitionKey = { name: "id", type: AttributeType.STRING };

/** Everything in the user's stack, under one key of that stack: what the CDK grants, and how. */
const grants: Record<string, (scope: Construct, key: Key, lambda: IFunction) => unknown> = {
  "a secret": (scope, encryptionKey, lambda) => new Secret(scope, "It", { encryptionKey }).grantRead(lambda),
  "writing a secret": (scope, encryptionKey, lambda) => new Secret(scope, "It", { encryptionKey }).grantWrite(lambda),
  "a bucket": (scope, encryptionKey, lambda) => new Bucket(scope, "It", { encryptionKey }).grantReadWrite(lambda),
  "a queue": (scope, encryptionMasterKey, lambda) => {
    const queue = new Queue(scope, "It", { encryptionMasterKey });
    return [queue.grantSendMessages(lambda), queue.grantConsumeMessages(lambda)];
  },
  "a topic": (scope, masterKey, lambda) => new Topic(scope, "It", { masterKey }).grantPublish(lambda),
  "a stream": (scope, encryptionKey, lambda) => new Stream(scope, "It", { encryptionKey }).grantReadWrite(lambda),
  "an event bus": (scope, kmsKey, lambda) => new EventBus(scope, "It", { kmsKey }).grantPutEventsTo(lambda),
  "a log group": (scope, encryptionKey, lambda) => new LogGroup(scope, "It", { encryptionKey }).grantWrite(lambda),
  "a parameter": (scope, _key, lambda) => new StringParameter(scope, "It", { stringValue: "it" }).grantRead(lambda),
  "a table": (scope, encryptionKey, lambda) => {
    const encryption = TableEncryption.CUSTOMER_MANAGED;
    return new Table(scope, "It", { partitionKey, encryption, encryptionKey }).grantReadWriteData(lambda);
  },
  "a TableV2": (scope, key, lambda) => {
    const encryption = TableEncryptionV2.customerManagedKey(key);
    return new TableV2(scope, "It", { partitionKey, encryption }).grantReadWriteData(lambda);
  },
  "the key itself": (_scope, key, lambda) => key.grantEncryptDecrypt(lambda),
  "a right of one's own making": (_scope, { keyArn }, lambda) => {
    lambda.addToRolePolicy(new PolicyStatement({ actions: ["kms:Verify"], resources: [keyArn] }));
  },
};

/** Builds the template of a stack with two functions, a key of its own and what `add` grants to one of them. */
function templateWith(
  add: (stack: Stack, key: Key, lambda: IFunction) => unknown,
  optionsIn: (stack: Stack, key: Key) => FunctionOptions = () => ({}),
): Template {
  const functions = [aManifest(), aManifest({ name: "other" })];
  return withStack(
    functions,
    (stack) => optionsIn(stack, new Key(stack, "Key")),
    (stack, { functions }) => {
      add(stack, stack.node.findChild("Key") as Key, functions.get("importContacts") as IFunction);
      // Throws where resources depend on each other in a circle (F3004 of CloudFormation's rules).
      return Template.fromStack(stack);
    },
  );
}

/** Returns the ids of the policies beside the roles of functions. */
function policiesOf(template: Template): string[] {
  return Object.keys(template.findResources("AWS::IAM::Policy")).filter((id) => id.startsWith("JobsFunction"));
}

describe("under a customer-managed key of the same stack", () => {
  it("a function can be granted everything", () => {
    const template = templateWith((stack, key, lambda) => {
      for (const [what, grant] of Object.entries(grants)) grant(new Construct(stack, what), key, lambda);
    });
    expect(policiesOf(template)).toEqual([expect.stringMatching(/^JobsFunctionimportContactsRunRoleDefaultPolicy/)]);
  });

  it("a function can have secrets as variables", () => {
    const template = templateWith(
      () => {},
      (stack, encryptionKey) => ({ secrets: { KEY: new Secret(stack, "It", { encryptionKey }) as ISecret } }),
    );
    expect(policiesOf(template)).toHaveLength(2);
    expect(JSON.stringify(template.findResources("AWS::IAM::Role"))).not.toContain('"It');
  });

  it("a function's code is changed only after its new rights are there", () => {
    const template = templateWith(grants["a bucket"] ?? expect.unreachable());
    template.hasResource("AWS::Lambda::Function", {
      Properties: { FunctionName: "Mine-Jobs-fn-importContacts" },
      DependsOn: Match.arrayWith(policiesOf(template)),
    });
  });

  it("what nobody asked for is no resource more", () => {
    expect(policiesOf(templateWith(() => {}))).toEqual([]);
  });
});
