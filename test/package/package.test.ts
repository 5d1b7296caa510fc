import { type ExecFileException, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { Template } from "aws-cdk-lib/assertions";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installedIn, type Packed, packed } from "../support/packed.ts";

// The package as `npm install epoque` installs it.

let pack: Packed;
let parent: string;
beforeAll(async () => {
  pack = await packed();
  parent = await mkdtemp(join(tmpdir(), "epoque-apps-"));
});
afterAll(async () => {
  await pack[Symbol.asyncDispose]();
  await rm(parent, { recursive: true });
});

/** Runs a program of this Node's in `cwd`; rejects with all it has printed. */
async function run(cwd: string, program: string, args: string[], environment: Record<string, string> = {}) {
  const env = { ...process.env, ...environment };
  return promisify(execFile)(program, args, { cwd, env }).catch((error: ExecFileException) => {
    throw new Error(`${program} ${args.join(" ")}: ${error.stdout}${error.stderr}`);
  });
}

interface Resource {
  Properties: Record<string, unknown>;
}

const KINDS = ["commonjs", "module"] as const;

describe("in a CDK app", () => {
  // Types are checked, those of the package too, by one program for both kinds: it reads those of the CDK once. Other
  // files run meanwhile, and threads of its own would cost it a third more.
  beforeAll(async () => {
    for (const type of KINDS) await installedIn(join(parent, type), pack, type);
    const tsconfig = {
      extends: "./module/tsconfig.json",
      compilerOptions: { typeRoots: ["module/node_modules/@types"], rootDir: ".", outDir: "built" },
      include: KINDS.map((type) => `${type}/src`),
    };
    await writeFile(join(parent, "tsconfig.json"), JSON.stringify(tsconfig));
    await run(parent, resolve("node_modules/.bin/tsc"), ["--singleThreaded"]);
    for (const type of KINDS) await rename(join(parent, "built", type, "src"), join(parent, type, "built"));
  });

  describe.for(KINDS)("of kind %s", (type) => {
    let template: Template;
    beforeAll(async () => {
      const folder = join(parent, type);
      await run(folder, process.execPath, ["built/app.js"], { CDK_OUTDIR: join(folder, "out") });
      template = Template.fromJSON(JSON.parse(await readFile(join(folder, "out", "MyStack.template.json"), "utf-8")));
    });

    const runnerOf = (name: string) => {
      const found = template.findResources("AWS::Lambda::Function", { Properties: { FunctionName: name } });
      return (Object.values(found) as Resource[])[0]?.Properties;
    };

    it("the construct gives both Epoques of a stack names of their own", () => {
      const queues = Object.values(template.findResources("AWS::SQS::Queue") as Record<string, Resource>);
      expect(queues.map(({ Properties }) => Properties["QueueName"])).toEqual(
        expect.arrayContaining([
          "MyStack-Jobs-fn-importContacts",
          "MyStack-Jobs-fn-oneByOne.fifo",
          "others-fn-importContacts",
          "others-fn-oneByOne.fifo",
        ]),
      );
    });

    it("a function has the memory, the VPC and the variables that were set for it", () => {
      expect(runnerOf("MyStack-Jobs-fn-importContacts")).toMatchObject({ MemorySize: 2048, VpcConfig: {} });
      expect(runnerOf("MyStack-Jobs-fn-oneByOne")).toMatchObject({ MemorySize: 512, VpcConfig: {} });
      expect(runnerOf("others-fn-importContacts")).toMatchObject({ MemorySize: 1024 });
      expect(runnerOf("others-fn-oneByOne")).toMatchObject({ MemorySize: 640 });
      expect(runnerOf("others-fn-oneByOne")).not.toHaveProperty("VpcConfig");
      expect(runnerOf("others-fn-oneByOne")).toMatchObject({
        Environment: { Variables: { EPOQUE_USER_ENVIRONMENT: "{}", EPOQUE_RETENTION_DAYS: "30" } },
      });
      expect(JSON.stringify(runnerOf("MyStack-Jobs-fn-importContacts"))).toContain(
        JSON.stringify('{"STAGE":"import","BUCKET":"'),
      );
    });

    it("a function may do what it was granted, and read the secrets that were set for it", () => {
      const roles = template.findResources("AWS::IAM::Role") as Record<string, Resource>;
      const policies = Object.values(template.findResources("AWS::IAM::Policy") as Record<string, Resource>);
      // Grants are in a policy beside the role, all else is in the role: see lib/inline-role.ts.
      const rightsOf = (name: string) => {
        const [id, role] = Object.entries(roles).find(([key]) => key.startsWith(`JobsFunction${name}RunRole`)) ?? [];
        const grants = policies.filter(({ Properties }) => JSON.stringify(Properties["Roles"]).includes(`"${id}"`));
        return JSON.stringify([role, grants]);
      };
      const mayWriteFiles = '"Fn::GetAtt":["Files';
      expect(rightsOf("importContacts")).toContain(mayWriteFiles);
      expect(rightsOf("oneByOne")).not.toContain(mayWriteFiles);
      expect(rightsOf("oneByOne")).toContain("secretsmanager:GetSecretValue");
      expect(rightsOf("oneByOne")).toContain(":secret:mine/key-??????");
    });

    it("the API has the user's domain", () => {
      template.hasResourceProperties("AWS::ApiGatewayV2::DomainName", { DomainName: "jobs.example.com" });
    });
  });
});

describe("npx epoque", () => {
  it("serves the functions of a project, and steers them by its verbs", async () => {
    const folder = join(parent, "dev");
    await installedIn(folder, pack, "module");
    const cli = join(folder, "node_modules", "epoque", "dist", "bin", "cli.js");
    const child = spawn(process.execPath, [cli, "dev", "--functions", "src/defer", "--port", "0"], { cwd: folder });
    const exited = once(child, "exit");
    let output = "";
    const ready = new Promise<RegExpExecArray>((found) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf-8").on("data", (text: string) => {
          output += text;
          const match = /^ready {2}DEFER_ENDPOINT=(\S+) {2}DEFER_TOKEN=(\S+)$/m.exec(output);
          if (match !== null) found(match);
        });
      }
    });
    try {
      const [, DEFER_ENDPOINT = "", DEFER_TOKEN = ""] = await Promise.race([
        ready,
        exited.then(() => Promise.reject(new Error(output))),
      ]);
      const epoque = async (...args: string[]) =>
        (await run(folder, process.execPath, [cli, ...args], { DEFER_ENDPOINT, DEFER_TOKEN, NO_COLOR: "1" })).stdout;
      const waited = await epoque("run", "importContacts", JSON.stringify("Ada\nAlan"), "--wait", "--metadata", "a=b");
      expect(waited).toMatch(/state +succeed\n.*"lines": 2/s);
      const [line = ""] = (await epoque("ls", "--metadata", "a=b", "--json")).split("\n");
      const { id } = JSON.parse(line) as { id: string };
      expect(await epoque("rerun", id)).toMatch(/^[\w-]{36} {2}created\n$/);
      expect(await epoque("functions")).toMatch(/^importContacts .*^oneByOne /ms);
      await epoque("schedules", "put", "nightly", "importContacts", '""', "--cron", "0 3 * * *");
      expect(await epoque("schedules", "ls")).toMatch(/^nightly .* 0 3 \* \* \* UTC/m);
      await expect(epoque("cancel", id)).rejects.toThrow("cannot cancel execution in succeed state");
      expect(await epoque("doctor")).toMatch(/✓ endpoint.*✓ clock.*✓ token.*✓ client.*✓ functions +2 of /s);
    } finally {
      child.kill("SIGINT");
      await exited;
    }
  });

  it("writes a CDK app that can be synthesized", async () => {
    const folder = join(parent, "init");
    await installedIn(folder, pack, "commonjs");
    const cli = join(folder, "node_modules", "epoque", "dist", "bin", "cli.js");
    const { stdout } = await run(folder, process.execPath, [cli, "init"]);
    expect(stdout).toMatch(/cd deploy && npx cdk bootstrap && npx cdk deploy\n$/);
    const app = join(folder, "deploy");
    await run(app, process.execPath, ["app.mjs"], { CDK_OUTDIR: join(folder, "out") });
    const template = JSON.parse(await readFile(join(folder, "out", "init-jobs.template.json"), "utf-8")) as object;
    expect(template).toMatchObject({ Outputs: { DeferEndpoint: {}, DeferTokenSecret: {} } });
  });
});
