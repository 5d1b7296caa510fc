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
import { describe, expect, it } from "vitest";
import type { FunctionOptions } from "../../lib/options.ts";
import { aManifest, withStack } from "../support/templates.ts";

const partitionKey = { name: "id", type: AttributeType.STRING };

/** Everything in the user's stack, under one key of that stack: what the CDK grants, and how. */
const grants: Record<string, (stack: Stack, key: Key, lambda: IFunction) => unknown> = {
  "a secret": (stack, encryptionKey, lambda) => new Secret(stack, "It", { encryptionKey }).grantRead(lambda),
  "writing a secret": (stack, encryptionKey, lambda) => new Secret(stack, "It", { encryptionKey }).grantWrite(lambda),
  "a bucket": (stack, encryptionKey, lambda) => new Bucket(stack, "It", { encryptionKey }).grantReadWrite(lambda),
  "a queue": (stack, encryptionMasterKey, lambda) => {
    const queue = new Queue(stack, "It", { encryptionMasterKey });
    return [queue.grantSendMessages(lambda), queue.grantConsumeMessages(lambda)];
  },
  "a topic": (stack, masterKey, lambda) => new Topic(stack, "It", { masterKey }).grantPublish(lambda),
  "a stream": (stack, encryptionKey, lambda) => new Stream(stack, "It", { encryptionKey }).grantReadWrite(lambda),
  "an event bus": (stack, kmsKey, lambda) => new EventBus(stack, "It", { kmsKey }).grantPutEventsTo(lambda),
  "a log group": (stack, encryptionKey, lambda) => new LogGroup(stack, "It", { encryptionKey }).grantWrite(lambda),
  "a parameter": (stack, _key, lambda) => new StringParameter(stack, "It", { stringValue: "it" }).grantRead(lambda),
  "a table": (stack, encryptionKey, lambda) => {
    const encryption = TableEncryption.CUSTOMER_MANAGED;
    return new Table(stack, "It", { partitionKey, encryption, encryptionKey }).grantReadWriteData(lambda);
  },
  "a TableV2": (stack, key, lambda) => {
    const encryption = TableEncryptionV2.customerManagedKey(key);
    return new TableV2(stack, "It", { partitionKey, encryption }).grantReadWriteData(lambda);
  },
  "the key itself": (_stack, key, lambda) => key.grantEncryptDecrypt(lambda),
  "a right of one's own making": (_stack, { keyArn }, lambda) => {
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
  it.for(Object.keys(grants))("a function can be granted %s", (what) => {
    const grant = grants[what] ?? expect.unreachable();
    expect(policiesOf(templateWith(grant))).toEqual([
      expect.stringMatching(/^JobsFunctionimportContactsRunRoleDefaultPolicy/),
    ]);
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
