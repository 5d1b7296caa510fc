import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { ConsoleCodes } from "../../core/ports.ts";
import { putIf } from "./conditional-put.ts";
import { consoleCodeKey } from "./key-schema.ts";

/** Used codes of the console beside the executions, in the same table, until they have expired anyway. */
export function dynamoConsoleCodes(client: DynamoDBDocumentClient, tableName: string): ConsoleCodes {
  return {
    use: ({ id, untilMs }) =>
      putIf(client, {
        tableName,
        item: { ...consoleCodeKey(id), expires_at: Math.ceil(untilMs / 1000) },
        key: ["id", "kind"],
        condition: "attribute_not_exists(id)",
      }),
  };
}
