import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseExactly } from "../../lambdas/api/exact-numbers.ts";
import { memoryApi } from "../support/api.ts";

describe("a number in a request", () => {
  it.each(["0", "-0", "1.0", "0e999", "1e21", "123456789012345680000", "0.10000000000000001", "5e-324", "100e-2"])(
    "is kept: %s",
    (text) => expect(parseExactly(`[${text}]`)).toEqual([Number(text)]),
  );

  it.each(
    "1e400 -1e400 1e-400 3e-324 9007199254740993 9007199254740993.0 9.007199254740993e15 0.1234567890123456789".split(
      " ",
    ),
  )("that would become another one is refused: %s", async (text) => {
    const body = `{"function_name":"importContacts","function_arguments":["a\\\\",{"\\"n":${text}}]}`;
    const api = memoryApi();
    const response = await api.call({ method: "PUT", path: "/public/v2/executions", body });
    expect(response.statusCode).toBe(400);
    const number = text.replace("-1e", "1e");
    expect(response.json()["message"]).toBe(`the body: the number ${number} cannot be kept exactly; send it as text`);
    expect(api.ports.executions.records.size).toBe(0);
  });

  it.each(["1.0", "1152921504606846976", "0.10000000000000001", "100e-2"])(
    "that is kept stays the same when an editor parses it and sends it again: %s",
    async (text) => {
      const api = memoryApi();
      const path = "/public/v2/schedules/report";
      const put = (values: string) =>
        api.call({
          method: "PUT",
          path,
          body: `{"function_name":"importContacts","every_seconds":60,"function_arguments":${values}}`,
        });
      expect((await put(`[${text}]`)).statusCode).toBe(201);
      const { body, json } = await api.call({ method: "GET", path });
      const { function_arguments: values } = json()["data"] as { function_arguments: unknown };
      expect(values).toEqual([Number(text)]);
      await put(JSON.stringify(values, null, 2));
      expect((await api.call({ method: "GET", path })).body).toBe(body);
    },
  );

  it("is never refused as JSON.stringify writes it", () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.maxSafeInteger()), fc.jsonValue(), (number, value) => {
        const text = JSON.stringify([value, { "1e400": number }]);
        expect(parseExactly(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 1_000 },
    );
  });

  it("within a string is no number", () => {
    const texts = fc.array(fc.constantFrom('"', "\\", "1e400", ",", "é"), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(texts), (parts) => {
        const value = parts.map((part) => part.join(""));
        expect(parseExactly(JSON.stringify(value))).toEqual(value);
      }),
    );
  });
});
