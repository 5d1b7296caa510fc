import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checks } from "./checks.ts";
import { startEmulator } from "./emulator.ts";
import { runProgram } from "./programs.ts";
import { pythonPrograms } from "./python.ts";

// npm run test:foreign [-- --quick]: the real `cdk deploy` on an AWS that we did not write, and the real client against
// it; then, without --quick, what changes, goes and comes again. docs/foreign.md says what it shows.

const project = fileURLToPath(new URL("../..", import.meta.url));
const STATEFUL = "Epoque-stateful";
const STATELESS = "Epoque-stateless";

const isQuick = process.argv.includes("--quick");
const python = pythonPrograms("emulator");
if ("missing" in python) {
  console.log(`SKIPPED  the foreign AWS: ${python.missing}`);
  process.exit(0);
}
const programs = python.directory;

const beganAt = performance.now();
const work = mkdtempSync(join(tmpdir(), "epoque-foreign-"));
const functions = join(work, "app", "defer");
cpSync(join(project, "defer"), functions, { recursive: true });
symlinkSync(join(project, "node_modules"), join(work, "app", "node_modules"));
writeFileSync(join(work, "app", "package.json"), JSON.stringify({ name: "app", type: "module" }));
const emulator = await startEmulator(programs, work);
const { check, failed } = checks(console.log);
const outputs = join(work, "outputs.json");

try {
  if (await check("cdk bootstrap", async () => void (await cdk("bootstrap", "aws://000000000000/us-east-1")))) {
    if ((await deploys("cdk deploy --all")) && (await drives("samples")) && !isQuick) {
      await changes();
      await goesAndComes();
    }
  }
} finally {
  emulator.stop();
}
const seconds = Math.round((performance.now() - beganAt) / 1_000);
console.log(failed() === 0 ? `PASSED in ${seconds} s` : `${failed()} FAILED in ${seconds} s; logs: ${work}`);
if (failed() === 0) rmSync(work, { recursive: true });
process.exit(failed() === 0 ? 0 : 1);

/** Functions and settings that are added, changed and removed. */
async function changes(): Promise<void> {
  await check("once more: no changes", async () => {
    assert.equal((await deploy()).match(/\(no changes\)/g)?.length, 2);
  });
  const before = await inAccount("stacks");
  cpSync(more("more/nightly.ts"), join(functions, "nightly.ts"));
  await deploys("with one function more");
  await check("adds only what is its own, and changes only the code that knows all functions", async () => {
    const { added, gone } = difference(before, await inAccount("stacks"));
    const known = (line: string) => /^code Epoque-(api|bulk|fire|sweep) /.test(line);
    assert.deepEqual(
      gone.filter((line) => !known(line)),
      [],
    );
    assert.deepEqual(
      added.filter((line) => !known(line) && !line.includes("nightly")),
      [],
    );
    assert.equal(added.filter(known).length, 4);
  });
  cpSync(more("more"), functions, { recursive: true });
  await inAccount("put-secret", "foreign/hush", "hush");
  const settings = ["-c", `envFile=${more("more.env")}`, "-c", "events=true", "-c", "alarmEmail=a@example.com"];
  await deploys("with more functions, variables, a secret, events and mail", ...settings);
  await drives("changed");
  for (const name of ["dies", "environment", "flaky", "nightly", "slow"]) rmSync(join(functions, `${name}.ts`));
  await deploys("without them");
  await check("takes away what was theirs, and nothing else", async () => {
    const { added, gone } = difference(before, await inAccount("stacks"));
    const isCode = (line: string) => line.startsWith("code ");
    assert.deepEqual(
      [...added, ...gone].filter((line) => !isCode(line)),
      [],
    );
  });
  const file = join(functions, "videoTranscript.ts");
  const text = readFileSync(file, "utf-8");
  assert.match(text, /concurrency: 5/);
  writeFileSync(file, text.replace("concurrency: 5", "concurrency: 1"));
  await deploys("with a concurrency of 1: a FIFO queue instead of the other");
  await drives("oneOfEach");
  writeFileSync(file, text);
  await deploys("with the concurrency of before");
  await drives("oneOfEach");
}

/** `cdk destroy`, and deployments after it. */
async function goesAndComes(): Promise<void> {
  await check("the stateful stack cannot be destroyed while the other uses it", async () => {
    await assert.rejects(cdk("destroy", STATEFUL, "--exclusively", "--force"), /is imported by stack/);
  });
  const destroys = (stack: string) =>
    check(`cdk destroy ${stack}`, async () => void (await cdk("destroy", stack, "--exclusively", "--force")));
  await destroys(STATELESS);
  await check("tables, bucket, secrets and logs stay, and nothing else", async () => {
    assert.deepEqual(
      (await inAccount("leftovers")).filter((line) => !/^(table|bucket|secret|log-group) /.test(line)),
      [],
    );
  });
  cpSync(more("more/nightly.ts"), join(functions, "nightly.ts"));
  if (await deploys("after cdk destroy, with a cron function from the beginning")) await drives("oneOfEach");
  await destroys(STATELESS);
  await destroys(STATEFUL);
  await check("both tables, the bucket and both secrets stay", async () => {
    const kinds = (await inAccount("leftovers")).map((line) => line.split(" ")[0]);
    const count = (kind: string) => kinds.filter((each) => each === kind).length;
    // One more secret is what this test has put there.
    assert.deepEqual([count("table"), count("bucket"), count("secret")], [2, 1, 3]);
  });
  await deploys("both stacks again, beside what stayed");
}

function deploys(name: string, ...settings: string[]): Promise<boolean> {
  return check(name, async () => void (await deploy(...settings)));
}

function deploy(...settings: string[]): Promise<string> {
  return cdk("deploy", "--all", "--require-approval", "never", "--outputs-file", outputs, ...settings);
}

function cdk(...args: string[]): Promise<string> {
  const output = ["-o", join(work, "cdk.out"), "-c", `functions=${functions}`];
  return runProgram(join(project, "node_modules/.bin/cdk"), [...args, ...output], {
    directory: project,
    environment: {
      ...emulator.environment,
      CDK_HOME: join(work, "cdk-home"),
      CDK_DISABLE_CLI_TELEMETRY: "1",
    },
    log: join(work, "cdk.log"),
  });
}

/** Runs a journey of the client, which prints its own checks. */
async function drives(journey: string): Promise<boolean> {
  const { Endpoint = "", TokenSecret = "" } =
    (JSON.parse(readFileSync(outputs, "utf-8")) as Record<string, Record<string, string>>)[STATELESS] ?? {};
  const [token = ""] = await inAccount("secret", TokenSecret);
  return check(`the client: ${journey}`, async () => {
    const environment = { ...emulator.proxied, DEFER_ENDPOINT: Endpoint, DEFER_TOKEN: token };
    const drive = fileURLToPath(new URL("drive.ts", import.meta.url));
    const log = join(work, "drive.log");
    const printed = await runProgram(process.execPath, [drive, journey], { directory: project, environment, log });
    console.log(printed.trim().replaceAll(/^/gm, "  "));
  });
}

/** Asks the account; see account.py. */
async function inAccount(...args: string[]): Promise<string[]> {
  const script = fileURLToPath(new URL("account.py", import.meta.url));
  const printed = await runProgram(join(programs, "python"), [script, ...args], {
    directory: project,
    environment: emulator.environment,
    log: join(work, "account.log"),
  });
  return printed.split("\n").filter(Boolean);
}

function more(path: string): string {
  return join(project, "test/fixtures/foreign", path);
}

function difference(before: readonly string[], after: readonly string[]): { added: string[]; gone: string[] } {
  return {
    added: after.filter((line) => !before.includes(line)),
    gone: before.filter((line) => !after.includes(line)),
  };
}
