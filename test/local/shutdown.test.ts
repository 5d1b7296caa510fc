import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { describe, it } from "vitest";
import { until } from "../../harness/until.ts";
import { type DynamoDB, reasonToSkip } from "../support/java.ts";
import { aFunction, aMapping, anApi, anAssembly, aQueue, aTable } from "./support/an-assembly.ts";
import { descendants, isAlive } from "./support/processes.ts";
import { runCloud } from "./support/run-cloud.ts";

const startsChildren = `
  import { spawn } from "node:child_process";
  const options = { detached: true, stdio: "ignore" };
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], options);
  export const handler = async () => [process.pid, child.pid];`;

describe("the shutdown", () => {
  it("waits neither for open long polls nor for a running function, and leaves no process", async ({ expect }) => {
    const it = await runCloud({
      resources: { F: aFunction("f"), Q: aQueue(), M: aMapping("Q", "F"), ...anApi("F", "$default") },
      code: {
        f: startsChildren.replace(
          "[process.pid",
          "(console.log(process.pid, child.pid), new Promise(() => {})) ?? [process.pid",
        ),
      },
    });
    const call = fetch(it.cloud.apiEndpoint).catch(() => "ended");
    await until(
      () => it.lines,
      (lines) => lines.length > 0,
    );
    const begin = Date.now();
    await it[Symbol.asyncDispose]();
    await it.cloud.stop();
    expect(Date.now() - begin).toBeLessThan(10_000);
    await call;
    const pids = it.lines[0]?.split(" ").map(Number) ?? [];
    expect(pids).toHaveLength(2);
    expect(pids.filter(isAlive)).toEqual([]);
    await expect(fetch(it.cloud.gatewayEndpoint)).rejects.toThrow();
  });

  it.for<DynamoDB>(["dynalite", "local"])("by kill -9 leaves no process, on %s", async (dynamodb, { expect, skip }) => {
    if (reasonToSkip(dynamodb)) skip();
    using assembly = anAssembly({
      resources: { T: aTable(), F: aFunction("f"), ...anApi("F", "$default") },
      code: { f: startsChildren },
    });
    const options = { assembly: assembly.directory, port: 0, dynamodb };
    const script = `
      import { startCloud } from ${JSON.stringify(new URL("../../local/cloud.ts", import.meta.url).href)};
      const cloud = await startCloud({ ...${JSON.stringify(options)}, onLog: console.error });
      console.log(cloud.apiEndpoint);`;
    const host = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [endpoint] = (await once(createInterface(host.stdout), "line")) as [string];
    const own = (await (await fetch(endpoint)).json()) as number[];
    const all = [...new Set([...own, ...descendants(host.pid ?? 0)])];
    expect(all.filter(isAlive).length).toBeGreaterThanOrEqual(dynamodb === "local" ? 4 : 3);
    host.kill("SIGKILL");
    await until(
      () => all.filter(isAlive),
      (alive) => alive.length === 0,
    );
  });

  it("follows at once when the port is taken", async ({ expect }) => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const before = descendants(process.pid).length;
    const starting = runCloud({ resources: {} }, { port });
    await expect(starting).rejects.toMatchObject({
      code: "EADDRINUSE",
      message: expect.stringContaining(String(port)),
    });
    expect(descendants(process.pid).length).toBe(before);
    server.close();
  });

  it("follows for an unsupported template", async ({ expect }) => {
    const before = descendants(process.pid).length;
    const starting = runCloud({ resources: { T: aTable(), Topic: { Type: "AWS::SNS::Topic" } } });
    await expect(starting).rejects.toThrow("AWS::SNS::Topic");
    expect(descendants(process.pid).length).toBe(before);
  });
});
