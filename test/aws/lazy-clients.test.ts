import { createServer } from "node:net";
import { afterEach, expect, it, vi } from "vitest";
import { cloudwatchAlarms } from "../../lambdas/aws/alarms.ts";
import { s3Payloads } from "../../lambdas/aws/payloads.ts";
import { schedulerTimer } from "../../lambdas/aws/timer.ts";
import type { ExecutionId } from "../../lambdas/core/ids.ts";
import { listen } from "../../local/listen.ts";

afterEach(() => vi.unstubAllEnvs());

it.each([
  ["S3", () => s3Payloads("payloads").read({ bytes: 5_000 }, "arguments/f/1.json")],
  [
    "Scheduler",
    () => schedulerTimer({ group: "epoque", fireQueueArn: "arn", roleArn: "arn" }).clear("1" as ExecutionId, 0),
  ],
  ["CloudWatch", () => cloudwatchAlarms("Epoque").ringing()],
] as const)("%s, loaded late, is said to be unavailable where it is out of reach", async (_, use) => {
  const server = createServer();
  const port = await listen(server, 0);
  server.close();
  vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${port}`);
  vi.stubEnv("AWS_REGION", "eu-west-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "id");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  await expect(use()).rejects.toMatchObject({ name: "DomainError", kind: "unavailable" });
});
