import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { clientCodeOf, curlOf } from "../../console/src/execution/snippets.ts";
import { readError } from "../../console/src/execution/stack.ts";
import { waterfallOf } from "../../console/src/execution/waterfall-model.ts";

const at = (seconds: number) => new Date(seconds * 1000).toISOString();

describe("the waterfall of attempts", () => {
  it("places all of them on one axis", () => {
    const { bars } = waterfallOf(
      [
        { scheduled_at: at(0), started_at: at(2), finished_at: at(4) },
        { scheduled_at: at(6), started_at: at(6), finished_at: at(10) },
      ],
      99_000,
    );
    expect(bars).toEqual([
      { waiting: { left: 0, width: 20 }, running: { left: 20, width: 20 }, waitedMs: 2_000, ranMs: 2_000 },
      { waiting: undefined, running: { left: 60, width: 40 }, waitedMs: 0, ranMs: 4_000 },
    ]);
  });

  it("lets what has not ended reach to now", () => {
    const { bars } = waterfallOf([{ scheduled_at: at(0), started_at: at(5) }], 10_000);
    expect(bars[0]).toMatchObject({ running: { left: 50, width: 50 }, ranMs: 5_000 });
  });

  it("has no broken number for one that is due in the future, or ended before it was due", () => {
    for (const attempt of [{ scheduled_at: at(60) }, { scheduled_at: at(60), finished_at: at(30) }]) {
      const { bars, marks } = waterfallOf([attempt], 20_000);
      expect(JSON.stringify([bars, marks])).not.toMatch(/null|-/);
    }
  });
});

describe("an error", () => {
  it("has the lines of the user's own code apart from those of others", () => {
    const stack = [
      "MailError: full",
      "    at refuse (src/mail.ts:1:2)",
      "    at send (node_modules/mailer/index.js:3:4)",
      "    at async node:internal/process:5:6",
    ].join("\n");
    const error = readError(JSON.stringify({ name: "MailError", message: "full", stack, cause: { message: "why" } }));
    expect(error?.frames.map(({ isOwn }) => isOwn)).toEqual([true, false, false]);
    expect(error?.cause).toMatchObject({ message: "why", frames: [] });
  });

  it.each(['"text"', "null", "[1]", "17", "{}", "no JSON"])("%s is none", (text) => {
    expect(readError(text)).toBeUndefined();
  });
});

describe("an execution as a command", () => {
  const call = {
    function_name: "it's",
    metadata: { customer: "o'neill $HOME `id`" },
    arguments: '["\'; touch /tmp/x; \'", 9007199254740993, "\\n"]',
  };

  it("is one that a shell reads as it was meant", () => {
    const command = curlOf(call, "http://127.0.0.1:8787").replace("curl ", 'printf "%s\\n" ');
    const printed = execFileSync("sh", ["-c", command], { encoding: "utf-8", env: { DEFER_TOKEN: "t" } });
    const body = printed.slice(printed.indexOf("-d\n") + 3, -1);
    expect(JSON.parse(body)).toEqual({
      function_name: "it's",
      function_arguments: JSON.parse(call.arguments) as unknown,
      metadata: call.metadata,
    });
    expect(body).toContain("9007199254740993");
  });

  it("is code", () => {
    const code = clientCodeOf({ function_name: "sendInvoice", metadata: { customer: "acme" }, arguments: "[1]" });
    expect(code).toContain('import sendInvoice from "./defer/sendInvoice";');
    expect(code).toContain('await assignOptions(sendInvoice, { metadata: {"customer":"acme"} })(...args);');
  });
});
