import {
  CloudWatchLogsClient,
  type GetLogEventsCommand,
  type GetLogEventsCommandOutput,
  ResourceNotFoundException,
} from "@aws-sdk/client-cloudwatch-logs";
import { describe, expect, it } from "vitest";
import { logStream } from "../../lambdas/aws/log-stream.ts";

function reading(answer: (nextToken: string | undefined) => Partial<GetLogEventsCommandOutput>) {
  const client = new CloudWatchLogsClient({ region: "eu-west-1" });
  client.send = (async ({ input }: GetLogEventsCommand) => answer(input.nextToken)) as typeof client.send;
  return logStream(client)("group", "stream", 0);
}

describe("a log stream", () => {
  it("is read to its end, which has the same token twice", async () => {
    const messages = await reading((token = "0") => {
      const next = Math.min(Number(token) + 1, 2);
      return { events: token === "2" ? [] : [{ message: `line ${token}\n` }], nextForwardToken: `${next}` };
    });
    expect(messages).toEqual(["line 0", "line 1"]);
  });

  it("is empty before its worker has delivered anything", async () => {
    const missing = new ResourceNotFoundException({
      message: "The specified log stream does not exist.",
      $metadata: {},
    });
    const messages = await reading(() => {
      throw missing;
    });
    expect(messages).toEqual([]);
  });

  it("passes other errors on", async () => {
    const messages = reading(() => {
      throw new Error("not allowed");
    });
    await expect(messages).rejects.toThrow("not allowed");
  });
});
