import * as z from "zod";
import { type ResourceHandler, withoutEffect } from "./resource-handler.ts";
import type { Services } from "./services.ts";
import { KeySchema, TableIndex, tableKind } from "./table.ts";

const Properties = z.strictObject({
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(["S", "N", "B"]) })),
  KeySchema,
  GlobalSecondaryIndexes: z.array(TableIndex).optional(),
  LocalSecondaryIndexes: z.array(TableIndex).optional(),
  // Nothing is billed or throttled, encrypted, expired or backed up here.
  BillingMode: withoutEffect,
  ProvisionedThroughput: withoutEffect,
  OnDemandThroughput: withoutEffect,
  SSESpecification: withoutEffect,
  TimeToLiveSpecification: withoutEffect,
  PointInTimeRecoverySpecification: withoutEffect,
  ContributorInsightsSpecification: withoutEffect,
  DeletionProtectionEnabled: withoutEffect,
  TableClass: withoutEffect,
  Tags: withoutEffect,
});

/** `AWS::DynamoDB::Table` (CDK `Table`). */
export function dynamodbTable(services: Services): ResourceHandler<z.infer<typeof Properties>> {
  return tableKind(services, Properties);
}
