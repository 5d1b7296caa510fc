import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { steppedClock } from "../../harness/memory/memory-ports.ts";
import { dynamoNamedTokens } from "../../lambdas/aws/dynamodb/named-tokens.ts";

const token = { name: "ci", hash: "hash", scopes: ["read"], createdAtMs: 1, createdBy: "admin" } as const;

describe("a named token in DynamoDB", () => {
  it("is read again when it is older than its caller takes, so that a revoked one is gone within a minute", async () => {
    let item: object | undefined = { data: token };
    let reads = 0;
    const clock = steppedClock(0);
    const send = async () => {
      reads += 1;
      return { Item: item };
    };
    const tokens = dynamoNamedTokens({ send } as unknown as DynamoDBDocumentClient, "table", clock);
    expect(await tokens.get("ci", 60_000)).toEqual(token);
    item = undefined;
    clock.advance(59_999);
    expect(await tokens.get("ci", 60_000)).toEqual(token);
    expect(reads).toBe(1);
    clock.advance(1);
    expect(await tokens.get("ci", 60_000)).toBeUndefined();
    expect(await tokens.get("ci", 60_000)).toBeUndefined();
    expect(reads).toBe(2);
  });

  it("is gone at once where it was revoked", async () => {
    let item: object | undefined = { data: token };
    const send = async () => ({ Item: item, Attributes: item });
    const tokens = dynamoNamedTokens({ send } as unknown as DynamoDBDocumentClient, "table", steppedClock(0));
    expect(await tokens.get("ci", 60_000)).toEqual(token);
    expect(await tokens.remove("ci")).toBe("removed");
    item = undefined;
    expect(await tokens.get("ci", 60_000)).toBeUndefined();
  });

  it("is remembered for a bounded number of names", async () => {
    let reads = 0;
    const send = async () => {
      reads += 1;
      return {};
    };
    const tokens = dynamoNamedTokens({ send } as unknown as DynamoDBDocumentClient, "table", steppedClock(0));
    for (const round of [1, 2]) {
      for (let index = 0; index < 1_001; index++) await tokens.get(`guess-${index}`, 60_000);
      expect(reads).toBeGreaterThan(1_000 * round);
    }
  });
});
