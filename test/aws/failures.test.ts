import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { DynamoDBClient, GetItemCommand, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, describe, expect, it } from "vitest";
import { failingAsUnavailable } from "../../lambdas/aws/failures.ts";

let server: Server;

async function clientOf(answer: RequestListener): Promise<DynamoDBClient> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return failingAsUnavailable(
    new DynamoDBClient({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: "eu-west-1",
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
      maxAttempts: 1,
      requestHandler: { requestTimeout: 200, throwOnRequestTimeout: true },
    }),
  );
}

afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const failWith =
  (status: number, type: string): RequestListener =>
  (_, response) => {
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
    response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: "no" }));
  };

describe("a call that fails", () => {
  it.each<[string, RequestListener]>([
    ["throttled", failWith(400, "ProvisionedThroughputExceededException")],
    ["throttled by the account", failWith(400, "ThrottlingException")],
    ["down", failWith(500, "InternalServerError")],
    ["cut off", (request) => request.socket.destroy()],
    ["silent", () => {}],
  ])("is unavailable where the service is %s", async (_, answer) => {
    const client = await clientOf(answer);
    const failure = await client.send(new ListTablesCommand({})).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: "DomainError", kind: "unavailable", cause: expect.any(Error) });
  });

  it("is no outage where the SDK could not write the request", async () => {
    const client = DynamoDBDocumentClient.from(await clientOf(failWith(500, "InternalServerError")));
    const put = client.send(new PutCommand({ TableName: "t", Item: { id: { constructor: "1" } } }));
    await expect(put).rejects.toMatchObject({ name: "Error", message: expect.stringMatching("Unsupported type") });
  });

  it.each(["ConditionalCheckFailedException", "ResourceNotFoundException", "AccessDeniedException"])(
    "is what it is: %s",
    async (name) => {
      const client = await clientOf(failWith(400, name));
      await expect(client.send(new GetItemCommand({ TableName: "t", Key: {} }))).rejects.toMatchObject({ name });
    },
  );
});
