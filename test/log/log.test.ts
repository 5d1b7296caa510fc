import { describe, expect, it } from "vitest";
import { createLog, type LogEntry } from "../../lambdas/log/log.ts";

function written(...parameters: Parameters<ReturnType<typeof createLog>>): Record<string, unknown> {
  const lines: string[] = [];
  createLog({ namespace: "Jobs", now: () => 1_800_000_000_000, writeLine: (line) => void lines.push(line) })(
    ...parameters,
  );
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] as string) as Record<string, unknown>;
}

const entry: LogEntry = { message: "execution ended", executionId: "e", function: "f" };

describe("a decision", () => {
  it("is one line of JSON with the time", () => {
    expect(written(entry)).toEqual({ time: "2027-01-15T08:00:00.000Z", ...entry });
  });

  it("counts in CloudWatch's embedded metric format, for the deployment as a whole", () => {
    expect(written(entry, { started: 1, latenessMs: 12 })).toMatchObject({
      started: 1,
      latenessMs: 12,
      _aws: {
        Timestamp: 1_800_000_000_000,
        CloudWatchMetrics: [
          {
            Namespace: "Jobs",
            Dimensions: [[]],
            Metrics: [{ Name: "started" }, { Name: "latenessMs", Unit: "Milliseconds" }],
          },
        ],
      },
    });
  });

  it("does not count what did not happen, only what took no time", () => {
    const line = written(entry, { lost: 0, waiting: 0, latenessMs: 0 });
    expect(line).toMatchObject({ latenessMs: 0, _aws: { CloudWatchMetrics: [{ Metrics: [{ Name: "latenessMs" }] }] } });
    expect(line).not.toHaveProperty("lost");
    expect(written(entry, { lost: 0 })).not.toHaveProperty("_aws");
  });

  it("counts what failed by function too, and nothing else", () => {
    const { _aws } = written(entry, { failed: 1, durationMs: 3 }) as {
      _aws: { CloudWatchMetrics: { Dimensions: string[][]; Metrics: { Name: string }[] }[] };
    };
    expect(
      _aws.CloudWatchMetrics.map(({ Dimensions, Metrics }) => [Dimensions, Metrics.map(({ Name }) => Name)]),
    ).toEqual([
      [[[]], ["durationMs"]],
      [[[], ["function"]], ["failed"]],
    ]);
  });
});
