import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeLimitsCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndexDescription,
  type GlobalSecondaryIndexUpdate,
  ResourceInUseException,
  ResourceNotFoundException,
  type TableDescription,
  UpdateTableCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { arn } from "../../account.ts";
import { type DeployedState, nameFor, type ResourceHandler, withoutEffect } from "./resource-handler.ts";
import type { Services } from "./services.ts";

// Shared by both CloudFormation types of a table.

export const KeySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(["HASH", "RANGE"]) }));

export const TableIndex = z.strictObject({
  IndexName: z.string(),
  KeySchema,
  Projection: z.strictObject({
    ProjectionType: z.enum(["ALL", "KEYS_ONLY", "INCLUDE"]),
    NonKeyAttributes: z.array(z.string()).optional(),
  }),
  ProvisionedThroughput: withoutEffect,
  WriteOnDemandThroughputSettings: withoutEffect,
  WarmThroughput: withoutEffect,
});

type Index = z.infer<typeof TableIndex>;

export interface TableProperties {
  TableName?: string | undefined;
  AttributeDefinitions: { AttributeName: string; AttributeType: "S" | "N" | "B" }[];
  KeySchema: z.infer<typeof KeySchema>;
  GlobalSecondaryIndexes?: Index[] | undefined;
  LocalSecondaryIndexes?: Index[] | undefined;
}

/** Definition of a table, from either type. */
export function tableKind<P extends TableProperties>(
  { dynamodb: client, partitionKeys }: Services,
  properties: z.ZodType<P>,
): ResourceHandler<P> {
  const made = (name: string, { KeySchema }: TableProperties): DeployedState => {
    const Arn = arn("dynamodb", `table/${name}`);
    partitionKeys.set(Arn, KeySchema.find(({ KeyType }) => KeyType === "HASH")?.AttributeName ?? "");
    return { ref: name, attributes: { Arn } };
  };
  return {
    properties,
    async create(wanted, place) {
      const name = wanted.TableName ?? nameFor(place, 255);
      if (await put(client, name, wanted)) return made(name, wanted);
      throw new Error(`the table ${name} that is kept in the data directory has other keys`);
    },
    async update(wanted, old, place) {
      if (wanted.TableName !== old.TableName) return undefined;
      const name = wanted.TableName ?? nameFor(place, 255);
      return (await put(client, name, wanted)) ? made(name, wanted) : undefined;
    },
    async remove(_, { ref: TableName }) {
      await client.send(new DeleteTableCommand({ TableName }));
      await untilGone(client, TableName);
    },
  };
}

/** Creates a table, or updates the indexes of an existing one. Returns false if its keys differ. */
async function put(client: DynamoDBClient, TableName: string, wanted: TableProperties): Promise<boolean> {
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes } = wanted;
  try {
    await client.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions,
        KeySchema,
        BillingMode: "PAY_PER_REQUEST",
        ...(GlobalSecondaryIndexes?.length && { GlobalSecondaryIndexes: GlobalSecondaryIndexes.map(plainIndex) }),
        ...(LocalSecondaryIndexes?.length && { LocalSecondaryIndexes: LocalSecondaryIndexes.map(plainIndex) }),
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  const table = await untilActive(client, TableName);
  if (!isSame(table.KeySchema, KeySchema)) return false;
  await adaptIndexes(client, TableName, table, wanted);
  return true;
}

/** Changes one index per call, as DynamoDB demands. */
async function adaptIndexes(
  client: DynamoDBClient,
  TableName: string,
  table: TableDescription,
  wanted: TableProperties,
) {
  const { AttributeDefinitions, GlobalSecondaryIndexes = [] } = wanted;
  const isKept = ({ IndexName, KeySchema, Projection }: GlobalSecondaryIndexDescription) =>
    GlobalSecondaryIndexes.some(
      (index) =>
        index.IndexName === IndexName && isSame(index.KeySchema, KeySchema) && isSame(index.Projection, Projection),
    );
  const existing = table.GlobalSecondaryIndexes ?? [];
  const kept = new Set(existing.filter(isKept).map(({ IndexName }) => IndexName));
  const changes: GlobalSecondaryIndexUpdate[] = [
    ...existing.filter((index) => !isKept(index)).map(({ IndexName }) => ({ Delete: { IndexName } })),
    ...GlobalSecondaryIndexes.filter(({ IndexName }) => !kept.has(IndexName)).map((index) => ({
      Create: plainIndex(index),
    })),
  ];
  if (changes.length > 0 && (await isDynalite(client))) {
    // dynalite would report success and do nothing.
    throw new Error(
      `dynalite cannot change the indexes of an existing table (${TableName}): use DynamoDB Local, or begin with another data directory`,
    );
  }
  for (const change of changes) {
    await client.send(
      new UpdateTableCommand({ TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates: [change] }),
    );
    await untilActive(client, TableName);
  }
}

/** Whether the error says that account limits are unsupported. */
async function isDynalite(client: DynamoDBClient): Promise<boolean> {
  try {
    await client.send(new DescribeLimitsCommand());
    return false;
  } catch (error) {
    return error instanceof Error && error.name === "UnknownOperationException";
  }
}

async function untilActive(client: DynamoDBClient, TableName: string): Promise<TableDescription> {
  for (;;) {
    await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 0.05, maxDelay: 0.2 }, { TableName });
    const { Table = {} } = await client.send(new DescribeTableCommand({ TableName }));
    if (Table.GlobalSecondaryIndexes?.every(({ IndexStatus }) => IndexStatus === "ACTIVE") ?? true) return Table;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function untilGone(client: DynamoDBClient, TableName: string): Promise<void> {
  for (;;) {
    try {
      await client.send(new DescribeTableCommand({ TableName }));
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return;
      throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function plainIndex({ IndexName, KeySchema, Projection: { ProjectionType, NonKeyAttributes } }: Index) {
  return { IndexName, KeySchema, Projection: { ProjectionType, ...(NonKeyAttributes && { NonKeyAttributes }) } };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one, keysSorted) === JSON.stringify(other, keysSorted);
}

function keysSorted(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
