import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/** Requests to DynamoDB since the last reset. */
export interface Usage {
  requests: number;
  /** Items that were read: those an index query passed, and those fetched. */
  items: number;
  units: number;
  /** The part of `units` that was for writing. */
  writeUnits: number;
}

interface Output {
  ConsumedCapacity?: { CapacityUnits?: number } | { CapacityUnits?: number }[];
  ScannedCount?: number;
  Responses?: Record<string, unknown[]>;
}

/** A client that counts what it reads, by what DynamoDB itself says. */
export function measuredClient(client: DynamoDBClient): { documents: DynamoDBDocumentClient; usage: Usage } {
  const usage: Usage = { requests: 0, items: 0, units: 0, writeUnits: 0 };
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  documents.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args) => {
        Object.assign(args.input, { ReturnConsumedCapacity: "TOTAL" });
        const result = await next(args);
        const { ConsumedCapacity = [], ScannedCount = 0, Responses = {} } = result.output as Output;
        usage.requests += 1;
        usage.items += ScannedCount + Object.values(Responses).flat().length;
        const units = [ConsumedCapacity].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
        usage.units += units;
        if (/^(?:Put|Update|Delete|BatchWrite)/.test(commandName)) usage.writeUnits += units;
        return result;
      },
    { step: "initialize", priority: "low" },
  );
  return { documents, usage };
}
