import { describe, it } from "vitest";
import * as z from "zod";
import type { StackTemplate } from "../../../local/template/assembly.ts";
import { Deployment } from "../../../local/template/deployment.ts";
import type { ResourceHandler } from "../../../local/template/resources/resource-handler.ts";
import type { Resources } from "../support/an-assembly.ts";

const Properties = z.strictObject({ value: z.string().default(""), fixed: z.string().optional() });

function aDeployment() {
  const done: string[] = [];
  const thing: ResourceHandler<z.infer<typeof Properties>> = {
    properties: Properties,
    async create({ value }, { logicalId }) {
      done.push(`create ${logicalId}`);
      return { ref: `${logicalId}:${value}`, attributes: { Arn: `arn:${logicalId}` } };
    },
    async update({ value, fixed }, old, { logicalId }) {
      if (fixed !== old.fixed) return undefined;
      done.push(`update ${logicalId}`);
      return { ref: `${logicalId}:${value}`, attributes: {} };
    },
    async remove(_, { ref }) {
      done.push(`remove ${ref}`);
    },
  };
  const deployment = new Deployment({ Thing: thing });
  const apply = async (resources: Resources, outputs: StackTemplate["outputs"] = {}) => {
    done.length = 0;
    const stack = {
      name: "Main",
      resources: resources as unknown as StackTemplate["resources"],
      parameters: {},
      outputs,
    };
    await deployment.apply({ stacks: [stack], assets: new Map() });
  };
  return { deployment, apply, done };
}

const thing = (Properties: Record<string, unknown> = {}, others: Record<string, unknown> = {}) => ({
  Type: "Thing",
  Properties,
  ...others,
});

describe("a deployment", () => {
  it("creates references and DependsOn of a resource first", async ({ expect }) => {
    const { apply, done } = aDeployment();
    await apply({
      A: thing({ value: { Ref: "B" } }),
      B: thing({}, { DependsOn: ["C"] }),
      C: thing({ value: { "Fn::GetAtt": ["D", "Arn"] } }),
      D: thing(),
    });
    expect(done).toEqual(["create D", "create C", "create B", "create A"]);
  });

  it("names the resources of a cycle", async ({ expect }) => {
    const { apply } = aDeployment();
    const circle = { A: thing({ value: { Ref: "B" } }), B: thing({ value: { Ref: "A" } }) };
    await expect(apply(circle)).rejects.toThrow("A → B → A");
  });

  it("changes nothing for an unsupported type, and names it", async ({ expect }) => {
    const { apply, done } = aDeployment();
    await expect(apply({ A: thing(), B: { Type: "AWS::SNS::Topic" } })).rejects.toThrow(
      "Main/B: resource type AWS::SNS::Topic is not known here",
    );
    expect(done).toEqual([]);
  });

  it("names an unsupported property with its place", async ({ expect }) => {
    const { apply } = aDeployment();
    await expect(apply({ A: thing({ colour: "red" }) })).rejects.toThrow(/Main\/A \(Thing\).*colour/s);
  });

  it("refuses conditions", async ({ expect }) => {
    const { apply } = aDeployment();
    await expect(apply({ A: thing({}, { Condition: "IsFriday" }) })).rejects.toThrow("IsFriday");
  });

  it("keeps unchanged resources, changes those it can, and replaces others", async ({ expect }) => {
    const { apply, done, deployment } = aDeployment();
    await apply({ Same: thing(), Changed: thing({ value: "1" }), Replaced: thing({ fixed: "1" }) });
    await apply({ Same: thing(), Changed: thing({ value: "2" }), Replaced: thing({ fixed: "2" }) });
    expect(done).toEqual(["update Changed", "remove Replaced:", "create Replaced"]);
    expect(deployment.physicalId("Main", "Changed")).toBe("Changed:2");
  });

  it("updates resources that refer to a changed one", async ({ expect }) => {
    const { apply, deployment } = aDeployment();
    await apply({ A: thing({ value: { Ref: "B" } }), B: thing({ value: "1" }) });
    await apply({ A: thing({ value: { Ref: "B" } }), B: thing({ value: "2" }) });
    expect(deployment.physicalId("Main", "A")).toBe("A:B:2");
  });

  it("removes missing resources, the last first, but not retained ones", async ({ expect }) => {
    const { apply, done, deployment } = aDeployment();
    await apply({ A: thing(), B: thing({ value: { Ref: "A" } }), Kept: thing({}, { DeletionPolicy: "Retain" }) });
    await apply({});
    expect(done).toEqual(["remove B:A:", "remove A:"]);
    expect(deployment.resources).toEqual([]);
  });

  it("refuses to replace a retained resource", async ({ expect }) => {
    const { apply } = aDeployment();
    const retained = (fixed: string) => ({ A: thing({ fixed }, { UpdateReplacePolicy: "Retain" }) });
    await apply(retained("1"));
    await expect(apply(retained("2"))).rejects.toThrow("must be retained");
  });

  it("returns the outputs", async ({ expect }) => {
    const { apply, deployment } = aDeployment();
    await apply({ A: thing() }, { Out: { value: { "Fn::GetAtt": ["A", "Arn"] }, exportName: undefined } });
    expect(deployment.outputs).toEqual({ Main: { Out: "arn:A" } });
  });
});
