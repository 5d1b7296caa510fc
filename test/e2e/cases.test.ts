import { mkdir, rm, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Caller, caller } from "../../harness/caller.ts";
import { aProject, type Project } from "../support/a-project.ts";
import { clientVersions } from "../support/client-versions.ts";
import { type DevProcess, readyEnvironment, startDev } from "../support/dev-process.ts";

// Projects as users have them, with their own client, served by npm start.

const imports = 'import { defer } from "@defer/client";\n';
const mailer = (variable: string, name: string) => `${imports}
class Mailer { constructor(key) { if (!key) throw new Error("a mailer needs its key"); this.key = key; } }
const mailer = new Mailer(process.env.${variable});
async function ${name}() { return mailer.key; }
export default defer(${name});
`;

let project: Project;
let dev: DevProcess;
let calls: Caller;

beforeAll(async () => {
  project = await aProject({
    "package.json": '{ "type": "module" }',
    "defer/greet.js": `${imports}async function greet(name) { return { hello: name }; }\nexport default defer(greet, { retry: 2, concurrency: 3 });`,
    "defer/tick.js": `${imports}async function tick() {}\nexport default defer.cron(tick, "0 * * * *");`,
    "defer/notify.js": mailer("MAIL_KEY", "notify"),
    "defer/mode.js": `${imports}const atLoad = process.env.NODE_ENV;\nexport default defer(async function mode() { return [atLoad, process.env.TZ, process.cwd() === import.meta.dirname]; });`,
    "defer/write.js": `${imports}import { writeFileSync } from "node:fs";\nimport { tmpdir } from "node:os";
export default defer(async function write() { writeFileSync(tmpdir() + "/epoque-free.txt", "x"); writeFileSync("out.txt", "x"); });`,
    "defer/charge.js": mailer("STRIPE_KEY", "charge"),
    "defer/bad.js": "throw new Error('\\u001b[2Jno database'); export default 1;",
    "app.env": "MAIL_KEY=key\nSTRIPE_KEY=secret:stripe/live\n",
  });
  const installed = join(project.directory, "node_modules/@defer/client");
  await rm(installed);
  await mkdir(join(installed, ".."), { recursive: true });
  await symlink(resolve("node_modules", clientVersions["1.15.0"]), installed);
  const at = (path: string) => join(project.directory, path);
  dev = startDev(["--functions", at("defer"), "--env-file", at("app.env")]);
  await dev.waitFor(/^ready/m, 90_000);
  calls = caller(await readyEnvironment(dev));
});

afterAll(async () => {
  await dev.stop();
  await project[Symbol.asyncDispose]();
});

async function resultOf(name: string, ...args: unknown[]): Promise<unknown> {
  const id = await calls.enqueue(name, args);
  await calls.ended(id);
  return calls.result(id);
}

describe("npm start", () => {
  it("serves functions of an old client, beside one that cannot be built, and says why", async () => {
    expect(await resultOf("greet", "Ada")).toEqual({ hello: "Ada" });
    expect(dev.output()).toMatch(
      /not served {2}defer\/bad\.js: it throws while it is loaded: Error: \\x1b\[2Jno database/,
    );
    expect(dev.output()).toMatch(/functions: .*tick/);
  });

  it("has a module's variables there when it is loaded, with placeholders for secrets", async () => {
    expect(await resultOf("notify")).toBe("key");
    expect(dev.output()).toMatch(/functions: charge,/);
    expect(await resultOf("mode")).toEqual(["production", "UTC", true]);
  });

  it("has read-only files, and says why an execution failed", async () => {
    expect(await resultOf("write")).toMatchObject({ message: expect.stringContaining("EROFS: read-only file system") });
    await dev.waitFor(/^write \S+ \| Error: EROFS: read-only file system, .* \(at defer\/write\.js:\d+:\d+\)$/m);
  });

  it("says which requests are refused", async () => {
    await expect(calls.enqueue("absent")).rejects.toThrow("400");
    await dev.waitFor(/^api \| PUT \/public\/v2\/executions refused: 400 cannot find function/m);
  });
});
