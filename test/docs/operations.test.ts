import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readContext } from "../../bin/context.ts";
import { alarmIds } from "../../lambdas/core/alarms.ts";

describe("docs/operations.md", () => {
  const page = readFileSync("docs/operations.md", "utf-8");
  const firstCells = (heading: string) => {
    const rest = page.slice(page.indexOf(heading));
    const table = rest.slice(rest.indexOf("\n|"), rest.indexOf("\n\n", rest.indexOf("\n|")));
    return [...table.matchAll(/^\| `(\w+)/gm)].map(([, name = ""]) => name);
  };

  it("names stacks that there are, in its commands", () => {
    const named = [...page.matchAll(/(?:--stack-name|cdk destroy) (\S+)/g)].map(([, stack]) => stack);
    expect(named.length).toBeGreaterThan(2);
    const stacks = readFileSync("lib/stacks.ts", "utf-8");
    expect(named.filter((stack) => !stacks.includes(`"${stack}"`))).toEqual([]);
  });

  it("lists every alarm", () => {
    expect(firstCells("## Alarms").sort()).toEqual([...alarmIds].sort());
  });

  it("lists every setting of the context", () => {
    const settings: string[] = [];
    readContext((name) => void settings.push(name));
    expect(firstCells("More settings").sort()).toEqual(settings.sort());
  });
});
