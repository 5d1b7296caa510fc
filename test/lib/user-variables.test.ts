import { App, Stack } from "aws-cdk-lib";
import { describe, expect, it } from "vitest";
import type { FunctionOptions } from "../../lib/options.ts";
import { optionsFor, userVariables } from "../../lib/user-variables.ts";

const COMPLETE = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:stripe-AbCdEf";

function variablesOf(options: FunctionOptions): { environment: unknown; secrets: unknown } {
  const stack = new Stack(new App(), "Mine");
  const { environment } = userVariables(stack, options);
  const parsed = (text: string) => JSON.parse(stack.resolve(text) as string) as unknown;
  return { environment: parsed(environment.EPOQUE_USER_ENVIRONMENT), secrets: parsed(environment.EPOQUE_USER_SECRETS) };
}

describe("the variables of the user's functions", () => {
  it("go to the runner in two of its own, secrets by reference", () => {
    const options = {
      environment: { NODE_OPTIONS: "--trace-warnings", AWS_ENDPOINT_URL: "http://127.0.0.1:4566" },
      secrets: { KEY: `${COMPLETE}:key`, NAMED: "mine/key", FIELD: "mine/key:field" },
    };
    expect(variablesOf(options)).toEqual({
      environment: options.environment,
      secrets: {
        KEY: { id: COMPLETE, field: "key" },
        NAMED: { id: "mine/key" },
        FIELD: { id: "mine/key", field: "field" },
      },
    });
  });

  it("are those of all functions and those of the one", () => {
    const all = { memorySize: 512, environment: { A: "1", B: "1" }, secrets: { S: "s" } };
    expect(optionsFor(all, { environment: { B: "2" } })).toEqual({ ...all, environment: { A: "1", B: "2" } });
  });

  it.for<[string, FunctionOptions, string, string]>([
    [
      "a name that Lambda has taken",
      { environment: { AWS_REGION: "x" } },
      "environment.AWS_REGION",
      "AWS_REGION is set for every function",
    ],
    [
      "a name that the runner has taken",
      { secrets: { DEFER_TOKEN: "x" } },
      "secrets.DEFER_TOKEN",
      "DEFER_TOKEN is set for every function",
    ],
    ["a name that is none", { environment: { "A-B": "x" } }, "environment.A-B", '"A-B" cannot be the name'],
    [
      "a variable that is a secret too",
      { environment: { A: "x" }, secrets: { A: "y" } },
      "secrets.A",
      "leave it out of one",
    ],
    [
      "too much for Lambda",
      { environment: { A: "x".repeat(3_100) } },
      "environment",
      "bytes, and Lambda leaves about 3000",
    ],
    ["an ARN that is not complete", { secrets: { A: COMPLETE.slice(0, -7) } }, "secrets.A", "must be a complete ARN"],
  ])("are refused with %s", ([, options, option, message]) => {
    const error = expect.objectContaining({ name: "OptionError", option, message: expect.stringContaining(message) });
    expect(() => variablesOf(options)).toThrow(error as Error);
  });
});
