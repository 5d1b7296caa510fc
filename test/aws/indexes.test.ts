import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, type QueryCommandInput } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { dynamoIndexes } from "../../lambdas/aws/dynamodb/indexes.ts";

describe("what is overdue", () => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: "eu-west-1" }));

  /** Indexes whose partitions have five pages, of one key each. A key is due at its number. */
  function given() {
    const ids = ["a1", "b2", "c3", "d4", "e5"];
    let failsAt = "";
    client.send = async ({ input }: { input: QueryCommandInput }) => {
      const start = input.ExclusiveStartKey as { id: string; wake_at: number } | undefined;
      const last = input.ExpressionAttributeValues?.[":last"] as number;
      if (start !== undefined && start.wake_at > last) throw new Error("the start key is outside of the range");
      const upTo = ids.filter((id) => Number(id[1]) <= last);
      const [id, next] = upTo.slice(start === undefined ? 0 : upTo.indexOf(start.id) + 1);
      if (id === failsAt) throw new Error("throttled");
      const key = id && { id, wake_at: Number(id[1]) };
      return { Items: id === undefined ? [] : [{ id }], LastEvaluatedKey: next === undefined ? undefined : key };
    };
    const indexes = dynamoIndexes(client, { tableName: "executions", shards: 4 });
    const read = async (
      pageCount: number,
      { part = "timed", nowMs = 9 }: { part?: "timed" | "waiting"; nowMs?: number } = {},
    ) => {
      const found: string[] = [];
      for await (const page of indexes.overdue({ shard: 0, part }, nowMs)) {
        found.push(...page.map((id) => id.slice(0, 1)));
        if (found.length === pageCount) break;
      }
      return found.join("");
    };
    const failAt = (id: string) => {
      failsAt = id;
    };
    return { read, failAt };
  }

  it("is read from its front each time, where it was read to its end", async () => {
    const { read } = given();
    expect([await read(9), await read(9)]).toEqual(["abcde", "abcde"]);
  });

  it("is read round from where the last reader left", async () => {
    const { read } = given();
    expect([await read(2), await read(9), await read(9)]).toEqual(["ab", "cdeabc", "abcde"]);
  });

  it("is read on and on by readers who all leave early", async () => {
    const { read } = given();
    expect([await read(3), await read(3), await read(3), await read(3)]).toEqual(["abc", "dea", "bcd", "eab"]);
  });

  it("is read from its front after a reader who left at its last page", async () => {
    const { read } = given();
    expect([await read(5), await read(1)]).toEqual(["abcde", "a"]);
  });

  it("is read on in each part on its own", async () => {
    const { read } = given();
    const waiting = [await read(2), await read(1, { part: "waiting" })];
    expect([...waiting, await read(3), await read(4, { part: "waiting" })]).toEqual(["ab", "a", "cde", "bcde"]);
  });

  it("is read anew where a read failed: nobody has worked on it", async () => {
    const { read, failAt } = given();
    await read(1);
    failAt("d4");
    await expect(read(9)).rejects.toThrow("throttled");
    failAt("");
    expect(await read(4)).toBe("bcde");
  });

  it("is read from its front after the clock was set back behind the place", async () => {
    const { read } = given();
    await read(4);
    expect(await read(9, { nowMs: 3 })).toBe("abc");
  });
});
