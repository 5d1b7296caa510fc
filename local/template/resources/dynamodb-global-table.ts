import * as z from "zod";
import { REGION } from "../../account.ts";
import { type ResourceHandler, withoutEffect } from "./resource-handler.ts";
import type { Services } from "./services.ts";
import { KeySchema, TableIndex, tableKind } from "./table.ts";

const Replica = z.strictObject({
  Region: z.literal(REGION),
  GlobalSecondaryIndexes: withoutEffect,
  PointInTimeRecoverySpecification: withoutEffect,
  ContributorInsightsSpecification: withoutEffect,
  DeletionProtectionEnabled: withoutEffect,
  ReadOnDemandThroughputSettings: withoutEffect,
  SSESpecification: withoutEffect,
  TableClass: withoutEffect,
  Tags: withoutEffect,
});

const Properties = z.strictObject({
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(["S", "N", "B"]) })),
  KeySchema,
  GlobalSecondaryIndexes: z.array(TableIndex).optional(),
  LocalSecondaryIndexes: z.array(TableIndex).optional(),
  /** One replica: there is only one region. */
  Replicas: z.tuple([Replica]),
  // Nothing is billed or throttled, encrypted or expired here.
  BillingMode: withoutEffect,
  WriteOnDemandThroughputSettings: withoutEffect,
  WarmThroughput: withoutEffect,
  SSESpecification: withoutEffect,
  TimeToLiveSpecification: withoutEffect,
});

/** `AWS::DynamoDB::GlobalTable` (CDK `TableV2`), with a replica in the local region only. */
export function dynamodbGlobalTable(services: Services): ResourceHandler<z.infer<typeof Properties>> {
  return tableKind(services, Properties);
}
