import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { aManifest, templatesFor, withStack } from "../../harness/templates.ts";
import { alarmIds } from "../../lambdas/core/alarms.ts";
import { metrics } from "../../lambdas/log/metrics.ts";

interface Alarm {
  AlarmName: string;
  AlarmDescription: string;
  TreatMissingData: string;
  AlarmActions?: unknown[];
  Namespace?: string;
  MetricName?: string;
  Metrics?: { MetricStat?: { Metric: { Namespace: string; MetricName: string } } }[];
}

function monitoringOf(
  options: { alarmEmail?: string } = {},
  names = ["one"],
  compute: "lambda" | "fargate" = "lambda",
) {
  const { stateless } = templatesFor(
    names.map((name) => aManifest({ name, compute })),
    options,
  );
  const alarms = Object.values(stateless.findResources("AWS::CloudWatch::Alarm")) as { Properties: Alarm }[];
  return { stateless, alarms: alarms.map(({ Properties }) => Properties) };
}

const watchedBy = ({ Namespace, MetricName, Metrics = [] }: Alarm) =>
  [{ Namespace, MetricName }, ...Metrics.map(({ MetricStat }) => MetricStat?.Metric)].filter(
    (metric) => metric?.MetricName !== undefined,
  );

describe("the alarms", () => {
  const { alarms } = monitoringOf();

  it("watch what can go wrong, each with a reason and what to do next", () => {
    expect(alarms.map(({ AlarmName }) => AlarmName).sort()).toEqual(alarmIds.map((id) => `Epoque-${id}`).sort());
    for (const { AlarmDescription } of alarms) {
      expect(AlarmDescription).toMatch(/^[A-Z].{20,}\. NEXT: [A-Z].{20,}\.?$/);
      // Source: CloudWatch PutMetricAlarm.
      expect(AlarmDescription.length).toBeLessThanOrEqual(1024);
    }
  });

  it("ring on silence only where silence is the fault", () => {
    const silent = alarms.filter(({ TreatMissingData }) => TreatMissingData === "breaching");
    expect(silent.map(({ AlarmName }) => AlarmName)).toEqual(["Epoque-SweepStands"]);
  });

  it("take no more than ten metrics each, and of our own only such as are written", () => {
    for (const alarm of alarms) expect(alarm.Metrics?.length ?? 1).toBeLessThanOrEqual(10);
    const own = alarms.flatMap(watchedBy).filter((metric) => metric?.Namespace === "Epoque");
    expect(own.map((metric) => metric?.MetricName).sort()).toEqual([
      "cutShort",
      "latenessMs",
      "lost",
      "unauthorized",
      "waiting",
    ]);
    expect(Object.keys(metrics)).toEqual(expect.arrayContaining(own.map((metric) => metric?.MetricName)));
  });

  it("tell nobody unless they are told whom", () => {
    expect(alarms.filter(({ AlarmActions }) => AlarmActions !== undefined)).toEqual([]);
    monitoringOf().stateless.resourceCountIs("AWS::SNS::Topic", 0);
  });

  it("write to alarmEmail, and may", () => {
    const { stateless, alarms: all } = monitoringOf({ alarmEmail: "on-call@example.com" });
    expect(all.every(({ AlarmActions }) => AlarmActions?.length === 1)).toBe(true);
    stateless.hasResourceProperties("AWS::SNS::Subscription", { Protocol: "email", Endpoint: "on-call@example.com" });
    const [policy] = Object.values(stateless.findResources("AWS::SNS::TopicPolicy"));
    expect(JSON.stringify(policy)).toContain("cloudwatch.amazonaws.com");
  });
});

describe("where a function is on Fargate", () => {
  const { alarms, stateless } = monitoringOf({}, ["one"], "fargate");
  const launches = Object.entries(stateless.findResources("AWS::Lambda::Function")).filter(
    ([, { Properties }]) => (Properties as { FunctionName: string }).FunctionName === "Epoque-launch",
  );
  const [launch] = launches[0] ?? [];

  it("the alarms watch the Lambda that launches tasks as well, and say so", () => {
    const watching = alarms.filter((alarm) => JSON.stringify(alarm.Metrics ?? []).includes(`"Ref":"${launch}"`));
    expect(watching.map(({ AlarmName }) => AlarmName).sort()).toEqual([
      "Epoque-LambdasFail",
      "Epoque-LambdasThrottled",
    ]);
    for (const { AlarmDescription } of watching) expect(AlarmDescription).toContain("API, fire, sweep, bulk or launch");
    const lost = alarms.find(({ AlarmName }) => AlarmName === "Epoque-LostWork");
    expect(lost?.AlarmDescription).toMatch(/log of launch/);
    for (const { AlarmDescription } of alarms) expect(AlarmDescription.length).toBeLessThanOrEqual(1024);
  });

  it("the dashboard shows its errors and its log", () => {
    const body = JSON.stringify(stateless.findResources("AWS::CloudWatch::Dashboard"));
    expect(body).toContain("launch: errors");
    expect(body).toContain("Last errors of the API, fire, sweep, bulk and launch Lambdas");
  });
});

describe("the dashboard", () => {
  it("shows everything we count, and stays the same when functions come and go", () => {
    const bodyOf = (names: string[]) =>
      JSON.stringify(monitoringOf({}, names).stateless.findResources("AWS::CloudWatch::Dashboard"));
    const body = bodyOf(["one"]);
    for (const name of Object.keys(metrics)) expect(body).toContain(`\\"${name}\\"`);
    expect(bodyOf(["one", "two"])).toBe(body);
  });

  it("has the region in its name: an account has one list of dashboards", () => {
    const [dashboard] = Object.values(monitoringOf().stateless.findResources("AWS::CloudWatch::Dashboard"));
    expect(dashboard?.["Properties"]).toMatchObject({
      DashboardName: { "Fn::Join": ["", ["Epoque-dashboard-", { Ref: "AWS::Region" }]] },
    });
  });

  it("quotes a namespace with a hyphen, and searches for the parts of its names", () => {
    const body = withStack(
      [aManifest()],
      () => ({ name: "Mine-Jobs" }),
      (stack) => JSON.stringify(Template.fromStack(stack).findResources("AWS::CloudWatch::Dashboard")),
    );
    const searches = [...body.matchAll(/SEARCH\('(.*?)'/g)].map(([, query = ""]) => query.replaceAll("\\", ""));
    expect(searches).toHaveLength(5);
    expect(searches).toContain('{"Mine-Jobs",function} MetricName="failed"');
    expect(searches).toContain('{AWS/Lambda,FunctionName} MetricName="Throttles" FunctionName=Mine FunctionName=Jobs');
    for (const query of searches) expect(query.replace('"Mine-Jobs"', "")).not.toContain("-");
  });
});
