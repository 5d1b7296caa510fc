import { App, NestedStack, Stack } from "aws-cdk-lib";
import { Construct } from "constructs";
import { describe, expect, it } from "vitest";
import { MAX_QUEUE_CHARACTERS, physicalName, setNamePrefix } from "../../lib/naming.ts";

function nameIn(ids: string[], part: string, name?: string): string {
  const stack = new Stack(new App(), "MyStack");
  const root = ids.reduce((scope: Construct, id) => new Construct(scope, id), stack);
  setNamePrefix(root, name);
  return physicalName(new Construct(root, "Deep"), part);
}

describe("the names in AWS", () => {
  it("begin with the stack's name and the way to the construct, so that two in one stack do not clash", () => {
    expect(nameIn(["Jobs"], "api")).toBe("MyStack-Jobs-api");
    expect(nameIn(["Team", "Jobs"], "api")).toBe("MyStack-Team-Jobs-api");
  });

  it("begin with the name that was given", () => {
    expect(nameIn(["Jobs"], "api", "jobs")).toBe("jobs-api");
  });

  it("begin with the stack's alone in the stacks of this repository", () => {
    expect(physicalName(new Stack(new App(), "Epoque"), "api")).toBe("Epoque-api");
  });

  it("are refused when they are too long, or no names", () => {
    const long = "x".repeat(60);
    expect(() => nameIn(["Jobs"], `fn-${long}`)).toThrow(/has 76 characters, and AWS takes 64.*"name"/);
    expect(physicalName(new Stack(new App(), "Epoque"), long, MAX_QUEUE_CHARACTERS)).toHaveLength(67);
    expect(() => nameIn(["My jobs"], "api")).toThrow('"MyStack-My jobs" cannot be part of the names in AWS');
  });

  it("must be given in a nested stack, whose name nobody knows yet", () => {
    const nested = new NestedStack(new Stack(new App(), "MyStack"), "Nested");
    expect(() => setNamePrefix(new Construct(nested, "Jobs"))).toThrow('give the Epoque one by its property "name"');
  });
});
