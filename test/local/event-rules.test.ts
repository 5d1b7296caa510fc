import { describe, expect, it } from "vitest";
import { type EventRule, EventRules } from "../../local/services/event-rules.ts";

const queue = "arn:aws:sqs:us-east-1:000000000000:stopped";
const aRule = (changes: Partial<EventRule> = {}): EventRule => ({
  arn: "arn:aws:events:us-east-1:000000000000:rule/stopped",
  pattern: { source: ["aws.ecs"], detail: { clusterArn: ["mine"], lastStatus: ["STOPPED"] } },
  isEnabled: true,
  targets: [queue],
  ...changes,
});

function given({ mayNot = [] as string[], fails = false } = {}) {
  const sent: { queueArn: string; event: Record<string, unknown> }[] = [];
  const problems: string[] = [];
  const rules = new EventRules({
    maySend: (queueArn) => !mayNot.includes(queueArn),
    send: async (queueArn, body) => {
      if (fails) throw new Error("no such queue");
      sent.push({ queueArn, event: JSON.parse(body) as Record<string, unknown> });
    },
    onProblem: (line) => problems.push(line),
  });
  const publish = async (detail: object, source = "aws.ecs") => {
    rules.publish(source, "ECS Task State Change", ["task"], detail);
    await rules.settled();
  };
  return { rules, sent, problems, publish };
}

const stopped = { clusterArn: "mine", lastStatus: "STOPPED", more: 1 };

describe("a rule", () => {
  it("sends what fits its pattern to its targets, as EventBridge writes it", async () => {
    const { rules, sent, publish } = given();
    rules.put(aRule({ targets: [queue, `${queue}2`] }));
    await publish(stopped);
    expect(sent.map(({ queueArn }) => queueArn)).toEqual([queue, `${queue}2`]);
    expect(sent[0]?.event).toEqual({
      version: "0",
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      "detail-type": "ECS Task State Change",
      source: "aws.ecs",
      account: "000000000000",
      time: expect.stringMatching(/^[^.]+:\d\dZ$/) as unknown,
      region: "us-east-1",
      resources: ["task"],
      detail: stopped,
    });
  });

  it.each<[string, object, string?]>([
    ["another source", stopped, "aws.s3"],
    ["another value", { ...stopped, lastStatus: "RUNNING" }],
    ["a field that is missing", { lastStatus: "STOPPED" }],
    ["a field that is no object", { ...stopped, clusterArn: { mine: 1 } }],
  ])("leaves out an event with %s", async (_, detail, source) => {
    const { rules, sent, publish } = given();
    rules.put(aRule());
    await publish(detail, source);
    expect(sent).toEqual([]);
  });

  it("that is disabled, changed or removed sends nothing by its old pattern", async () => {
    const { rules, sent, publish } = given();
    for (const rule of [aRule({ isEnabled: false }), aRule({ pattern: { source: ["aws.s3"] } })]) {
      rules.put(aRule());
      rules.put(rule);
      await publish(stopped);
    }
    rules.put(aRule());
    rules.remove(aRule().arn);
    await publish(stopped);
    expect(sent).toEqual([]);
  });

  it("without the queue's permission sends nothing there, and says so", async () => {
    const { rules, sent, problems, publish } = given({ mayNot: [queue] });
    rules.put(aRule({ targets: [queue, `${queue}2`] }));
    await publish(stopped);
    expect(sent).toMatchObject([{ queueArn: `${queue}2` }]);
    expect(problems).toEqual([`the rule ${aRule().arn} may not send to ${queue}`]);
  });

  it("whose queue fails loses the event, and says so", async () => {
    const { rules, problems, publish } = given({ fails: true });
    rules.put(aRule());
    await publish(stopped);
    expect(problems).toEqual([`the rule ${aRule().arn} cannot send to ${queue}: Error: no such queue`]);
  });
});
