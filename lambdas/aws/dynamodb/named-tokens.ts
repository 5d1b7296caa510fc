import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { type ApiToken, isExpired } from "../../core/api-token.ts";
import type { Clock, NamedTokens } from "../../core/ports.ts";
import { batchGet } from "./batch-get.ts";
import { putIf } from "./conditional-put.ts";
import type { Item } from "./item.ts";
import { indexKeys, nameOfToken, TOKEN_SHARD, tokenKey } from "./key-schema.ts";

/** Answers that are remembered: whoever guesses names must not fill the memory. */
const MAX_KNOWN = 1_000;

/** The named tokens of the API, one item each beside the executions. */
export function dynamoNamedTokens(client: DynamoDBDocumentClient, tableName: string, clock: Clock): NamedTokens {
  const known = new Map<string, { token: ApiToken | undefined; readAtMs: number }>();
  return {
    async get(name, maxAgeMs) {
      const cached = known.get(name);
      const readAtMs = clock.now();
      if (cached !== undefined && readAtMs - cached.readAtMs < maxAgeMs) return cached.token;
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: tokenKey(name), ConsistentRead: true }),
      );
      const token = Item === undefined ? undefined : fromItem(Item);
      if (known.size >= MAX_KNOWN) known.clear();
      known.set(name, { token, readAtMs });
      return token;
    },

    async list() {
      const names: string[] = [];
      for (let start: Item | undefined; ; ) {
        const { Items = [], LastEvaluatedKey } = await client.send(
          new QueryCommand({
            TableName: tableName,
            IndexName: "all",
            KeyConditionExpression: "#shard = :shard",
            ExpressionAttributeNames: { "#shard": indexKeys.all.partition },
            ExpressionAttributeValues: { ":shard": TOKEN_SHARD },
            ...(start && { ExclusiveStartKey: start }),
          }),
        );
        names.push(...Items.map(({ id }) => nameOfToken(id as string)));
        start = LastEvaluatedKey;
        if (start === undefined) break;
      }
      return (await batchGet(client, tableName, names.map(tokenKey), clock)).map(fromItem);
    },

    async create(token) {
      known.delete(token.name);
      const nowMs = clock.now();
      const isNew = await putIf(client, {
        tableName,
        item: toItem(token),
        key: ["id", "kind"],
        // DynamoDB deletes what has expired within days.
        condition: "attribute_not_exists(id) OR expires_at <= :now",
        values: { ":now": Math.floor(nowMs / 1000) },
      });
      return isNew ? "created" : "exists";
    },

    async remove(name) {
      known.delete(name);
      const { Attributes } = await client.send(
        new DeleteCommand({ TableName: tableName, Key: tokenKey(name), ReturnValues: "ALL_OLD" }),
      );
      return Attributes === undefined || isExpired(fromItem(Attributes), clock.now()) ? "unknown" : "removed";
    },
  };
}

function toItem(token: ApiToken): Item {
  const { expiresAtMs } = token;
  return {
    ...tokenKey(token.name),
    data: token,
    shard: TOKEN_SHARD,
    expires_at: expiresAtMs === undefined ? undefined : Math.ceil(expiresAtMs / 1000),
  };
}

function fromItem(item: Item): ApiToken {
  return item["data"] as ApiToken;
}
