import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, type QueryCommandInput } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { dynamoIndexes } from "../../lambdas/aws/dynamodb/indexes.ts";

describe("what is overdue", () => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: "eu-west-1" }));
  const pages = ["a", "b", "c"];

  /** Indexes whose partitions have three pages, of one key each. */
  function given() {
    client.send = async ({ input }: { input: QueryCommandInput }) => {
      const start = input.ExclusiveStartKey?.["id"];
      const [id, next] = pages.slice(start === undefined ? 0 : pages.indexOf(start) + 1);
      return { Items: [{ id }], LastEvaluatedKey: next === undefined ? undefined : { id } };
    };
    const indexes = dynamoIndexes(client, { tableName: "executions", shards: 4 });
    return async (pageCount: number, part: "timed" | "waiting" = "timed") => {
      const read: string[] = [];
      for await (const page of indexes.overdue({ shard: 0, part }, 1_000)) {
        read.push(...page);
        if (read.length === pageCount) break;
      }
      return read.join("");
    };
  }

  it("is read from its beginning each time, where it was read to its end", async () => {
    const read = given();
    expect([await read(4), await read(4)]).toEqual(["abc", "abc"]);
  });

  it("is read on where the last reader stopped, and then from its beginning again", async () => {
    const read = given();
    expect([await read(2), await read(2), await read(1), await read(4)]).toEqual(["ab", "c", "a", "bc"]);
  });

  it("is read from its beginning after a reader who stopped at its last page", async () => {
    const read = given();
    expect([await read(3), await read(1)]).toEqual(["abc", "a"]);
  });

  it("is read on in each part on its own", async () => {
    const read = given();
    expect([await read(2), await read(1, "waiting"), await read(4), await read(4, "waiting")]).toEqual([
      "ab",
      "a",
      "c",
      "bc",
    ]);
  });
});
