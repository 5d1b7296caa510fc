import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { AttributeType, Billing, ProjectionType, TableEncryptionV2, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import { BlockPublicAccess, Bucket, BucketEncryption, type LifecycleRule } from "aws-cdk-lib/aws-s3";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct, type IConstruct } from "constructs";
import { indexKeys, ownItemPatterns } from "../lambdas/aws/dynamodb/key-schema.ts";
import { idPattern } from "../lambdas/core/ids.ts";
import { RETENTION_DAYS } from "../lambdas/core/limits.ts";
import { ARGUMENTS_PREFIX, ATTEMPTS_PREFIX, ENDED_TAG } from "../lambdas/core/payload-keys.ts";
import { acknowledge, acknowledgeCheckov, acknowledgeWildcard } from "./acknowledge.ts";
import { OptionError } from "./errors.ts";
import { grant } from "./grants.ts";

export interface StorageProps {
  /**
   * For how many days executions can be looked up after their end.
   * @default 30
   */
  retentionDays?: number | undefined;
}

/** DynamoDB deletes what has expired within a few days; what a record points to is there as long. */
const EXPIRY_MARGIN_DAYS = 2;

/** Results and logs of an execution that is retried for weeks are made new once a week, and count from there. */
const RENEWAL_DAYS = 7;

/** The state that must never be lost: tables, payloads, secrets. */
export class Storage extends Construct {
  readonly executions: TableV2;
  readonly attempts: TableV2;
  readonly payloads: Bucket;
  /** The token that callers of the API send. */
  readonly apiToken: Secret;
  /** The key that execution tokens are derived from. */
  readonly signingKey: Secret;
  readonly retentionDays: number;

  constructor(scope: Construct, id: string, { retentionDays = RETENTION_DAYS }: StorageProps = {}) {
    super(scope, id);
    if (!Number.isInteger(retentionDays) || retentionDays < 1 || retentionDays > 3650) {
      throw new OptionError(
        "retentionDays",
        `retentionDays must be a whole number from 1 to 3650, not ${retentionDays}`,
      );
    }
    this.retentionDays = retentionDays;
    this.executions = executionsTable(this);
    this.attempts = new TableV2(this, "Attempts", {
      partitionKey: { name: "execution_id", type: AttributeType.STRING },
      sortKey: { name: "number", type: AttributeType.NUMBER },
      ...kept,
    });
    this.payloads = new Bucket(this, "Payloads", {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: lifecycleRules(retentionDays + EXPIRY_MARGIN_DAYS),
    });
    acknowledge(
      this.payloads,
      "S1",
      "Every access is made by our own Lambdas, which write a line for each; access logs would cost more than they tell.",
    );
    acknowledgeCheckov(this.payloads, {
      CKV_AWS_18: "Every access is made by our own Lambdas, which write a line for each.",
      CKV_AWS_21: "An object is written once under a key of its own, and must be gone after the retention.",
    });
    this.apiToken = secret(this, "ApiToken", "The token that callers of the Epoque API show as DEFER_TOKEN");
    this.signingKey = secret(this, "SigningKey", "The key that Epoque's execution tokens are derived from");
  }

  /**
   * Exports what another stack may refer to, whether one does or not. Else the last reference that goes would take its
   * export along, which CloudFormation refuses as long as the other stack is not changed, and that is changed after
   * this one. So what is kept never changes with what uses it. See docs/decisions/0019.
   */
  exportAll(): void {
    const { executions, attempts, payloads, apiToken, signingKey } = this;
    const stack = Stack.of(this);
    for (const value of [
      ...[executions.tableName, executions.tableArn],
      ...[attempts.tableName, attempts.tableArn],
      ...[payloads.bucketName, payloads.bucketArn],
      ...[apiToken.secretArn, signingKey.secretArn],
    ]) {
      stack.exportValue(value);
    }
  }

  /** Lets `grantee` do this with the executions' records, and nothing with their indexes. */
  grantExecutions(grantee: IGrantable, ...actions: string[]): void {
    grant(grantee, "dynamodb", actions, [this.executions.tableArn]);
  }

  /**
   * Lets a function's `grantee` read and write the items of its own executions and lanes, move its own rates on, if it
   * has any, and see whether it is paused: by their ids, so no others. Never grant it Scan, PartiQL, transactions or an
   * index: `ForAllValues` holds where a request has no key, which the second condition refuses as well.
   */
  grantOwnItems(grantee: IGrantable, functionId: string, { hasRates }: { hasRates: boolean }): void {
    const on = (table: TableV2, actions: readonly string[], ...ids: string[]) =>
      grant(grantee, "dynamodb", actions, [table.tableArn], {
        "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ids },
        Null: { "dynamodb:LeadingKeys": "false" },
      });
    const own = idPattern(functionId);
    const { lane, marker, rate, pause, failure } = ownItemPatterns(functionId);
    on(this.executions, ["GetItem", "PutItem"], own, lane);
    on(this.executions, ["Query", "DeleteItem"], lane);
    on(this.executions, ["PutItem"], marker);
    on(this.executions, ["GetItem"], pause);
    on(this.executions, ["UpdateItem"], failure, ...(hasRates ? [rate] : []));
    on(this.attempts, ["GetItem", "PutItem"], own);
  }

  /** Lets `grantee` read lists of executions. */
  grantIndexes(grantee: IGrantable, ...indexes: string[]): void {
    grant(
      grantee,
      "dynamodb",
      ["Query"],
      indexes.map((index) => `${this.executions.tableArn}/index/${index}`),
    );
  }

  /** Lets `grantee` do this with what is kept of ended attempts. */
  grantAttempts(grantee: IGrantable, ...actions: string[]): void {
    grant(grantee, "dynamodb", actions, [this.attempts.tableArn]);
  }

  /** Lets `grantee` do this with the arguments of one function's executions, or of all, as far as they are objects. */
  grantArguments(grantee: IGrantable & IConstruct, actions: readonly string[], functionName = "*"): void {
    this.#grantObjects(grantee, actions, `${ARGUMENTS_PREFIX}${functionName}/`);
  }

  /** The same with the results and logs of attempts. */
  grantResults(grantee: IGrantable & IConstruct, actions: readonly string[], functionName = "*"): void {
    this.#grantObjects(grantee, actions, `${ATTEMPTS_PREFIX}${functionName}/`);
  }

  /**
   * Lets `grantee` learn that a payload is no longer there: S3 answers 403 otherwise. On the whole bucket, since a read
   * of an object has no `s3:prefix` that a condition could look at.
   */
  grantFindMissing(grantee: IGrantable): void {
    grant(grantee, "s3", ["ListBucket"], [this.payloads.bucketArn]);
  }

  #grantObjects(grantee: IGrantable & IConstruct, actions: readonly string[], prefix: string): void {
    const stack = Stack.of(this);
    const { bucketArn } = this.payloads;
    // The export is what the CDK would make of it anyway; like this its name is known here.
    const objects = `${Stack.of(grantee) === stack ? bucketArn : stack.exportValue(bucketArn)}/${prefix}*`;
    grant(grantee, "s3", actions, [objects]);
    acknowledgeWildcard(grantee, objects, "The payloads of executions, whose ids nobody knows beforehand.");
  }
}

function lifecycleRules(days: number): LifecycleRule[] {
  const { key, value } = ENDED_TAG;
  return [
    { id: "unfinished-uploads", abortIncompleteMultipartUploadAfter: Duration.days(1) },
    { id: "results", prefix: ATTEMPTS_PREFIX, expiration: Duration.days(days + RENEWAL_DAYS) },
    // Not all of them: what is due in a year needs its arguments then.
    {
      id: "arguments-of-ended",
      prefix: ARGUMENTS_PREFIX,
      tagFilters: { [key]: value },
      expiration: Duration.days(days),
    },
  ];
}

const kept = {
  billing: Billing.onDemand(),
  encryption: TableEncryptionV2.dynamoOwnedKey(),
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  timeToLiveAttribute: "expires_at",
  deletionProtection: true,
  removalPolicy: RemovalPolicy.RETAIN,
} as const;

const text = (name: string) => ({ name, type: AttributeType.STRING });
const number = (name: string) => ({ name, type: AttributeType.NUMBER });

// KEYS_ONLY throughout: a state change costs index writes only where a key changes.
function executionsTable(scope: Construct): TableV2 {
  return new TableV2(scope, "Executions", {
    partitionKey: text("id"),
    sortKey: text("kind"),
    globalSecondaryIndexes: Object.entries(indexKeys).map(([indexName, { partition, sort }]) => ({
      indexName,
      partitionKey: text(partition),
      sortKey: sort === "wake_at" ? number(sort) : text(sort),
      projectionType: ProjectionType.KEYS_ONLY,
    })),
    ...kept,
  });
}

function secret(scope: Construct, id: string, description: string): Secret {
  const made = new Secret(scope, id, {
    description,
    generateSecretString: { passwordLength: 43, excludePunctuation: true },
    removalPolicy: RemovalPolicy.RETAIN,
  });
  acknowledgeCheckov(made, {
    CKV_AWS_149:
      "Secrets Manager encrypts it; a key of our own would cost $1 a month, and every reader would need it too.",
  });
  acknowledge(
    made,
    "SMG4",
    "It is rotated when its holders are ready for it (docs/operations.md): they have to be told the new one.",
  );
  return made;
}
