import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { aManifest, templatesFor, withStack } from "../../harness/templates.ts";
import { retainedWithFixedName, type TemplateResource, unlinkedNames } from "../support/template-names.ts";

const { stateful, stateless } = templatesFor(
  [
    aManifest({ cron: "*/5 * * * *" }),
    aManifest({ name: "oneByOne", concurrency: 1, cron: "0 9 * * 1" }),
    aManifest({ name: "fewAtOnce", concurrency: 7 }),
  ],
  { events: true, alarmEmail: "on-call@example.com" },
);
const resourcesOf = (template: typeof stateful) =>
  (template.toJSON() as { Resources: Record<string, TemplateResource> }).Resources;

describe("a name in AWS", () => {
  it("is not held by what stays after the stack is gone", () => {
    expect(retainedWithFixedName(resourcesOf(stateless))).toEqual([]);
    // Nor in the stateful stack: both can be deployed again beside what was kept.
    expect(retainedWithFixedName(resourcesOf(stateful))).toEqual([]);
  });

  it("is written out only where its resource is created first", () => {
    expect(unlinkedNames(resourcesOf(stateless))).toEqual([]);
  });

  it("takes cron schedules along to another group when it changes", () => {
    const schedulesOf = (name: string) =>
      withStack(
        [aManifest({ cron: "0 9 * * *" })],
        () => ({ name }),
        (stack) => {
          const schedules = Template.fromStack(stack).findResources("AWS::Scheduler::Schedule") as Record<
            string,
            TemplateResource
          >;
          return Object.keys(schedules).filter((id) => schedules[id]?.Properties?.["GroupName"] !== undefined);
        },
      );
    expect(schedulesOf("before")).toHaveLength(1);
    expect(schedulesOf("after")).not.toEqual(schedulesOf("before"));
  });

  it("is found by these rules where it should be a reference or must not be retained", () => {
    const group = {
      Type: "AWS::Scheduler::ScheduleGroup",
      Properties: { Name: "Epoque-timer" },
      DeletionPolicy: "Retain",
    };
    const schedule = (properties: object) => ({ Type: "AWS::Scheduler::Schedule", Properties: { ...properties } });
    const role = { Type: "AWS::IAM::Role", Properties: { Resource: "arn:aws:scheduler:::schedule/Epoque-timer/*" } };
    const resources = {
      group,
      role,
      literal: schedule({ GroupName: "Epoque-timer" }),
      linked: schedule({ GroupName: { Ref: "group" } }),
      ordered: { ...schedule({ GroupName: "Epoque-timer" }), DependsOn: "linked" },
    };
    expect(retainedWithFixedName(resources)).toEqual(["group"]);
    expect(unlinkedNames(resources)).toEqual([
      "role writes Epoque-timer out instead of referring to group",
      "literal writes Epoque-timer out instead of referring to group",
    ]);
  });
});
