import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { completion } from "../../../bin/command/completion.ts";
import { newProgram } from "../../../bin/command/program.ts";
import { readTarget } from "../../../bin/invocation/target.ts";
import { aCreated, anId } from "../../../harness/an-execution.ts";
import { aCommandLine } from "../../support/a-command-line.ts";

const INEXACT = 'the number 12345678901234567890 cannot be kept exactly; write it as a text: "12345678901234567890"';

describe("a command line", () => {
  it.each([
    ["no such verb", ["lss"], "(Did you mean ls?)"],
    ["no such option", ["ls", "--nope"], "--nope"],
    ["a missing argument", ["show"], "missing required argument 'id'"],
    ["a wrong state", ["ls", "--state", "done"], "choose from created"],
    ["a wrong time", ["ls", "--since", "yesterday"], "write 90s"],
    ["a date that does not exist", ["ls", "--since", "2026-02-30T00:00:00Z"], "write 90s"],
    ["a wrong number", ["ls", "-n", "0"], "a whole number from 1 on"],
    ["a wrong pair", ["ls", "--metadata", "=x"], "write key=value"],
    ["wrong JSON", ["rerun", anId, "--arguments", "{}"], "write a JSON array"],
    ["a number that would change", ["rerun", anId, "--arguments", "[12345678901234567890]"], INEXACT],
    ["one in an argument", ["run", "importContacts", "1.0", '{"id":12345678901234567890}'], `argument 2: ${INEXACT}`],
    [
      "one in a schedule",
      ["schedules", "put", "a", "importContacts", "12345678901234567890", "--every", "1h"],
      INEXACT,
    ],
  ])("with %s is not understood: exit code 2", async (_, args, message) => {
    const { run, requests } = aCommandLine();
    const { code, output, errors } = await run(...args);
    expect({ code, output }).toEqual({ code: 2, output: [] });
    expect(errors.join(" ")).toContain(message);
    expect(requests).toEqual([]);
  });

  it("without a verb shows them all", async () => {
    const { code, output } = await aCommandLine().run();
    expect(code).toBe(0);
    expect(output.join("\n")).toMatch(/\n {2}ls .*\n {2}dev /s);
  });
});

describe("text of others", () => {
  it("controls no terminal, in tables, details and JSON", async () => {
    const { run, ports } = aCommandLine();
    const hostile = "\u001b[2J\u009b31m\u202e\n\u0007";
    ports.executions.records.set(
      anId,
      aCreated({
        functionName: hostile,
        metadata: { [hostile]: hostile },
        arguments: { inline: JSON.stringify([hostile]) },
      }),
    );
    for (const args of [["ls"], ["show", anId], ["ls", "--json"], ["show", anId, "--json"], ["cancel", hostile]]) {
      const { output, errors } = await run(...args);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for them
      expect([...output, ...errors].join("\n")).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect([...output, ...errors].join("\n")).toMatch(/u001b|x1b/);
    }
    const [line = ""] = (await run("ls", "--json")).output;
    expect(JSON.parse(line)).toMatchObject({ function_name: hostile });
  });
});

describe("endpoint and token", () => {
  it("come from the variables, or from a profile", async () => {
    const configuration = await mkdtemp(join(tmpdir(), "epoque-config-"));
    await mkdir(join(configuration, "epoque"));
    await writeFile(join(configuration, "epoque", "live.env"), "DEFER_ENDPOINT=https://live.test\nDEFER_TOKEN='t#1'\n");
    await writeFile(join(configuration, "epoque", "half.env"), "DEFER_ENDPOINT=https://live.test\n");
    const environment = { XDG_CONFIG_HOME: configuration, DEFER_ENDPOINT: "https://other.test", DEFER_TOKEN: "t" };
    expect(readTarget(environment, undefined)).toEqual({ endpoint: "https://other.test", token: "t" });
    expect(readTarget(environment, "live")).toEqual({ endpoint: "https://live.test", token: "t#1" });
    expect(readTarget(environment, "local")).toEqual({ endpoint: "http://127.0.0.1:8787", token: "local" });
    expect(() => readTarget(environment, "half")).toThrow(/half\.env must set/);
    expect(() => readTarget(environment, "none")).toThrow(
      /write DEFER_ENDPOINT and DEFER_TOKEN of none into .*none\.env/,
    );
    expect(() => readTarget(environment, "../live")).toThrow(/is not the name of a profile/);
    expect(() => readTarget({ DEFER_TOKEN: "t" }, undefined)).toThrow(/^set DEFER_ENDPOINT, or/);
  });
});

describe("completion", () => {
  const program = () => {
    const { terminal } = { terminal: { print: () => {}, warn: () => {} } };
    return newProgram({ terminal, now: () => 0 } as unknown as Parameters<typeof newProgram>[0]);
  };
  const complete = (...words: string[]) =>
    execFileSync("bash", [
      "-c",
      `${completion(program(), "bash")}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _epoque; echo "\${COMPREPLY[@]}"`,
      "bash",
      "epoque",
      ...words,
    ])
      .toString()
      .trim();

  it("offers verbs, verbs below them, and options, in bash", () => {
    expect(complete("re")).toBe("rerun reschedule resume");
    expect(complete("schedules", "p")).toBe("put pause");
    expect(complete("ls", "--state", "failed", "--sch")).toBe("--schedule");
    expect(complete("schedules", "put", "name", "fn", "--ti")).toBe("--timezone");
  });

  const scriptFor = async (shell: "zsh" | "fish") => {
    const file = join(await mkdtemp(join(tmpdir(), "epoque-completion-")), shell);
    await writeFile(file, completion(program(), shell));
    return file;
  };
  const printedBy = (path: string, args: string[]) => execFileSync(path, args, { timeout: 60_000 }).toString().trim();

  const zsh = findShell("zsh");
  it.skipIf(zsh === undefined)(
    "completes in zsh at a tab",
    async () => {
      const script = await scriptFor("zsh");
      const typed = (line: string) => printedBy(zsh ?? "", ["-f", "test/support/type-in-zsh.zsh", script, line]);
      expect(typed("epoque resc\t")).toBe("epoque reschedule");
      expect(typed("epoque sched\tpa\t")).toBe("epoque schedules pause");
      expect(typed("epoque ls --state failed --sch\t")).toBe("epoque ls --state failed --schedule");
    },
    120_000,
  );

  const fish = findShell("fish");
  it.skipIf(fish === undefined)("offers verbs, verbs below them, and options, in fish", async () => {
    const script = await scriptFor("fish");
    const offered = (line: string) =>
      printedBy(fish ?? "", ["--no-config", "-c", 'source $argv[1]; complete --do-complete "$argv[2]"', script, line])
        .split("\n")
        .flatMap((found) => found.split("\t")[0] || []);
    expect(offered("epoque re").sort()).toEqual(["rerun", "reschedule", "resume"]);
    expect(offered("epoque schedules p").sort()).toEqual(["pause", "put"]);
    expect(offered("epoque ls --state failed --sch")).toEqual(["--schedule"]);
    expect(offered("epoque schedules put name fn --ti")).toEqual(["--timezone"]);
    expect(offered("epoque ls --")).toContain("--state");
    expect(offered("epoque schedules ls --")).not.toContain("--state");
  });
});

function findShell(name: string): string | undefined {
  const path = ["/usr/bin", "/bin", "/usr/local/bin"].map((folder) => join(folder, name)).find((it) => existsSync(it));
  if (path === undefined) console.warn(`SKIPPED  completion in ${name}: it is not installed`);
  return path;
}
