import type { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { describe, expect, it, vi } from "vitest";
import { secretVariables } from "../../lambdas/aws/secret-variables.ts";

const MINUTE_MS = 60_000;

/** Secrets Manager with these values, which may change; how often it was asked, and a clock that can be moved. */
function setUp(values: Record<string, string | Error>) {
  const state = { values, asked: 0, nowMs: 0 };
  const send = async ({ input: { SecretId = "" } }: GetSecretValueCommand) => {
    state.asked += 1;
    const value = state.values[SecretId];
    if (value instanceof Error) throw value;
    return { SecretString: value };
  };
  const clock = { now: () => state.nowMs, sleep: async () => {} };
  const makeClient = () => ({ send }) as unknown as SecretsManagerClient;
  return {
    state,
    read: (references: Record<string, { id: string; field?: string }>) =>
      secretVariables(makeClient, references, clock),
  };
}

describe("variables whose values are secrets", () => {
  it("are whole secrets, or fields of one, which is read once", async () => {
    const { state, read } = setUp({ text: "plain", json: '{"a":"A","n":5}' });
    const values = read({
      TEXT: { id: "text" },
      A: { id: "json", field: "a" },
      N: { id: "json", field: "n" },
      JSON: { id: "json" },
    });
    expect(await values()).toEqual({ TEXT: "plain", A: "A", N: "5", JSON: '{"a":"A","n":5}' });
    expect(state.asked).toBe(2);
  });

  it("are read again after five minutes, and are what they were while they cannot be read", async () => {
    const { state, read } = setUp({ text: "one" });
    const values = read({ TEXT: { id: "text" } });
    await values();
    state.values = { text: "two" };
    expect(await values()).toEqual({ TEXT: "one" });
    state.nowMs = 6 * MINUTE_MS;
    await vi.waitFor(async () => expect(await values()).toEqual({ TEXT: "two" }));
    state.values = { text: new Error("away") };
    state.nowMs = 12 * MINUTE_MS;
    expect(await values()).toEqual({ TEXT: "two" });
  });

  it.for([
    ["no JSON", "sk_live"],
    ["JSON without the field", '{"b":"sk_live"}'],
    ["JSON that is no object", '"sk_live"'],
  ])("say what is wrong with %s, and not the value", async ([, value = ""]) => {
    const { read } = setUp({ json: value });
    const reading = read({ KEY: { id: "json", field: "a" } })();
    await expect(reading).rejects.toThrow('KEY: the secret json is no JSON object with a field "a"');
    await expect(reading).rejects.not.toThrow("sk_live");
  });
});
