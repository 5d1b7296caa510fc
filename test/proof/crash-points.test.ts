import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { crashPoints, titleOf } from "./crash-points.ts";
import { readers, scenarios, steps } from "./scenarios.ts";

const flowsFolder = new URL("../../lambdas/flows/", import.meta.url);

describe("a crash, a lost answer or a refusal at any call breaks no promise", () => {
  const titled = scenarios.map((scenario) => [titleOf(scenario), scenario] as const);
  it.each(titled)("%s", async (_, scenario) => {
    const { calls, broken } = await crashPoints(scenario);
    expect(broken).toEqual([]);
    expect(calls).not.toEqual([]);
  });
});

describe("every flow", () => {
  it("is registered in scenarios.ts", async () => {
    const files = readdirSync(flowsFolder).filter((name) => name.endsWith(".ts"));
    const modules = (await Promise.all(files.map((name) => import(new URL(name, flowsFolder).href)))) as object[];
    const exported = modules.flatMap(Object.entries).filter(([, value]) => typeof value === "function");
    const names = exported.map(([name]) => name);
    const registered = [...scenarios.flatMap(({ flows }) => flows), ...readers, ...steps];
    expect(names.filter((name) => !registered.includes(name))).toEqual([]);
    expect(registered.filter((name) => !names.includes(name))).toEqual([]);
  });
});
