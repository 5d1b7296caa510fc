import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { caller } from "../../harness/caller.ts";
import { until } from "../../harness/until.ts";
import { aProject, functionReturning } from "../support/a-project.ts";
import { readyEnvironment, startDev } from "../support/dev-process.ts";

describe("npm start", () => {
  it("serves a changed, an added and no longer a removed function, and keeps the last good build", async () => {
    await using project = await aProject({
      "package.json": "{}",
      "defer/first.ts": functionReturning("first", "one"),
      "shared.ts": "export const shared = 1;",
    });
    const dev = startDev(["--functions", join(project.directory, "defer")]);
    try {
      const calls = caller(await readyEnvironment(dev));
      const callOf = async (name: string) => {
        const id = await calls.enqueue(name);
        await calls.ended(id);
        return calls.result(id);
      };
      expect(await callOf("first")).toBe("one");

      await project.write("defer/first.ts", functionReturning("first", "two"));
      await dev.waitFor(/updated {2}1 function: first/);
      await until(
        () => callOf("first"),
        (result) => result === "two",
      );

      await project.write(
        "defer/second.ts",
        `import { defer } from "@defer/client";
        import { shared } from "../shared";
        export default defer(async function second() { return shared; });`,
      );
      await dev.waitFor(/updated {2}2 functions: first, second/);
      expect(await callOf("second")).toBe(1);

      await project.write("shared.ts", "export const shared = 2;");
      await until(
        () => callOf("second"),
        (result) => result === 2,
      );

      await project.write("defer/second.ts", "export default 5 +;");
      await dev.waitFor(/defer\/second\.ts.*Unexpected/);
      expect(await callOf("second")).toBe(2);

      await project.remove("defer/second.ts");
      const refusal = () => calls.enqueue("second").then(() => "", String);
      await until(refusal, (message) => message.includes("cannot find function"));
      expect(await callOf("first")).toBe("two");
    } finally {
      await dev.stop();
    }
  });

  it("ends on Ctrl-C, and leaves no process behind", async () => {
    await using project = await aProject({
      "package.json": "{}",
      "defer/endless.ts": `import { defer } from "@defer/client";
        export default defer(async function endless() { console.log("begun"); for (;;) await new Promise((r) => setTimeout(r, 10)); });`,
    });
    const dev = startDev(["--functions", join(project.directory, "defer")]);
    const calls = caller(await readyEnvironment(dev));
    await calls.enqueue("endless");
    await dev.waitFor(/begun/);
    const family = descendants(dev.child.pid ?? 0);
    expect(family.length).toBeGreaterThanOrEqual(2);
    expect(await dev.stop()).toBe(0);
    await until(
      () => family.filter(isAlive),
      (alive) => alive.length === 0,
    );
  });
});

// Only where /proc tells; elsewhere the test has nothing to look at and fails, so that nobody believes it.
function descendants(pid: number): number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const status = readFileSync(`/proc/${name}/status`, "utf-8");
        return [[Number(name), Number(/^PPid:\s+(\d+)/m.exec(status)?.[1])] as const];
      } catch {
        return [];
      }
    });
  const found: number[] = [];
  for (let next = [pid]; next.length > 0; ) {
    next = parents.filter(([, parent]) => next.includes(parent)).map(([child]) => child);
    found.push(...next);
  }
  return found;
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf-8"));
  } catch {
    return false;
  }
}
