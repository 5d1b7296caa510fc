import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { aProject } from "../support/a-project.ts";
import { startDev } from "../support/dev-process.ts";

async function refusal(args: string[]): Promise<{ code: number | null; output: string }> {
  const dev = startDev(args);
  await once(dev.child, "close");
  return { code: dev.child.exitCode, output: dev.output() };
}

describe("npm start says in one clear line why it cannot", () => {
  it("take a port that is taken", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const { code, output } = await refusal(["--functions", "harness/basics/defer", "--port", String(port)]);
    server.close();
    expect(code).toBe(1);
    expect(output).toMatch(new RegExp(`^[^\\n]*\\b${port}\\b[^\\n]*--port\\n$`));
  });

  it.each([
    ["serve a folder that is not there", 1, ["--functions", "no/such/folder"], /^[^\n]*no\/such\/folder[^\n]*\n$/],
    ["use such a port", 2, ["--port", "many"], /^--port: "many" is not a port number\n$/],
    ["use such a database", 2, ["--dynamodb", "mongo"], /^--dynamodb: "mongo" is neither dynalite nor local\n$/],
    ["use such a token", 2, ["--token", "with space"], /^--token: must be printable ASCII without spaces\n$/],
    ["give such a reach", 2, ["--execution-tokens", "all"], /^--execution-tokens: "all" is neither tree nor full\n$/],
    ["use a flag nobody knows", 2, ["--nope"], /^Unknown option '--nope'[^\n]*--help[^\n]*\n$/],
  ] as const)("%s: exit code %i", async (_, code, args, line) => {
    expect(await refusal([...args])).toEqual({ code, output: expect.stringMatching(line) });
  });

  it("serve broken functions alone", async () => {
    await using project = await aProject({ "package.json": "{}", "defer/bad.ts": "export default 1;" });
    const { code, output } = await refusal(["--functions", join(project.directory, "defer")]);
    expect(code).toBe(1);
    expect(output).toMatch(/^defer\/bad\.ts: [^\n]+\n$/);
  });
});
