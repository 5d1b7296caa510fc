// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub has placeholders of its own
import { describe, it } from "vitest";
import { referencesIn, resolve, type Scope } from "../../../local/template/intrinsics.ts";

const scope: Scope = {
  stack: "Main",
  ref: (id) => ({ Queue: "http://queue", Parameter: "value" })[id],
  attribute: (id, name) =>
    (({ "Queue.Arn": "arn:queue", "Queue.A.B": "nested" }) as Record<string, string>)[`${id}.${name}`],
  importValue: (name) => ({ "Kept:Table": "table" })[name],
  stackOutput: (stack, output) => (({ "Kept.Out": "out" }) as Record<string, string>)[`${stack}.${output}`],
};

describe("an intrinsic function", () => {
  it.for<[string, unknown, unknown]>([
    ["Ref of a resource", { Ref: "Queue" }, "http://queue"],
    ["Ref of a parameter", { Ref: "Parameter" }, "value"],
    ["the region", { Ref: "AWS::Region" }, "us-east-1"],
    ["the account", { Ref: "AWS::AccountId" }, "000000000000"],
    ["the partition", { Ref: "AWS::Partition" }, "aws"],
    ["the URL suffix", { Ref: "AWS::URLSuffix" }, "amazonaws.com"],
    ["the stack's name", { Ref: "AWS::StackName" }, "Main"],
    ["no value in an object", { a: { Ref: "AWS::NoValue" }, b: 1 }, { b: 1 }],
    ["no value in a list", [1, { Ref: "AWS::NoValue" }], [1]],
    ["GetAtt as a list", { "Fn::GetAtt": ["Queue", "Arn"] }, "arn:queue"],
    ["GetAtt as text", { "Fn::GetAtt": "Queue.A.B" }, "nested"],
    ["Join", { "Fn::Join": ["-", ["a", { Ref: "Parameter" }, 1]] }, "a-value-1"],
    ["Join of a split", { "Fn::Join": ["-", { "Fn::Split": ["/", "a/b"] }] }, "a-b"],
    [
      "Sub",
      { "Fn::Sub": "${Queue.Arn}, ${Parameter}, ${AWS::Region}, ${!Literal}" },
      "arn:queue, value, us-east-1, ${Literal}",
    ],
    ["Sub with variables", { "Fn::Sub": ["${x}", { x: { Ref: "Parameter" } }] }, "value"],
    ["Select", { "Fn::Select": ["1", ["a", "b"]] }, "b"],
    ["Select of a split", { "Fn::Select": [1, { "Fn::Split": ["/", "a/b"] }] }, "b"],
    ["ImportValue", { "Fn::ImportValue": "Kept:Table" }, "table"],
    [
      "GetStackOutput",
      { "Fn::GetStackOutput": { StackName: "Kept", OutputName: "Out", Region: { Ref: "AWS::Region" } } },
      "out",
    ],
    ["deep inside", { a: [{ b: { Ref: "Parameter" } }] }, { a: [{ b: "value" }] }],
    ["null, numbers and booleans", { a: null, b: 0, c: false }, { a: null, b: 0, c: false }],
  ])("gives %s", ([, value, expected], { expect }) => {
    expect(resolve(value, scope)).toEqual(expected);
  });

  it.for<[string, unknown, string]>([
    ["intrinsic function", { "Fn::FindInMap": ["a", "b", "c"] }, "Fn::FindInMap"],
    ["condition", { "Fn::If": ["a", 1, 2] }, "Fn::If"],
    ["pseudo parameter", { Ref: "AWS::NotificationARNs" }, "AWS::NotificationARNs"],
    ["resource", { Ref: "Nobody" }, "Nobody"],
    ["attribute", { "Fn::GetAtt": ["Queue", "Colour"] }, "Colour"],
    ["variable of Sub", { "Fn::Sub": "${Nobody}" }, "Nobody"],
    ["export", { "Fn::ImportValue": "Kept:Nothing" }, "Kept:Nothing"],
    ["output", { "Fn::GetStackOutput": { StackName: "Kept", OutputName: "Nothing" } }, "Nothing"],
    ["region", { "Fn::GetStackOutput": { StackName: "Kept", OutputName: "Out", Region: "eu-west-1" } }, "us-east-1"],
  ])("names an unknown %s", ([, value, name], { expect }) => {
    expect(() => resolve({ deep: [value] }, scope)).toThrow(name);
  });

  it("lists its references", ({ expect }) => {
    const value = [
      { Ref: "A" },
      { "Fn::GetAtt": ["B", "Arn"] },
      { "Fn::GetAtt": "C.Arn" },
      { "Fn::Sub": ["${D.Arn} ${E} ${local}", { local: { Ref: "F" } }] },
      { "Fn::Join": ["", [{ Ref: "G" }]] },
    ];
    expect(referencesIn(value)).toEqual(["A", "B", "C", "D", "E", "F", "G"]);
  });
});
