import { describe, expect, it } from "vitest";
import { aCountedFailure, aCreated, aNewId, anAttempt, anId, aStarted } from "../../../harness/an-execution.ts";
import { errorFingerprint } from "../../../lambdas/core/failures/fingerprint.ts";
import { functionId } from "../../../lambdas/core/ids.ts";
import { aCommandLine } from "../../support/a-command-line.ts";

const unknown = "01939a3c-0000-7000-8000-00000000abcd";

describe("ls", () => {
  it("lists in a table what the filters ask for, newest first", async () => {
    const { run, ports } = aCommandLine();
    const [older, newer] = [aNewId(1), aNewId(2)];
    ports.executions.records.set(older, aStarted({ id: older }));
    ports.executions.records.set(newer, aCreated({ id: newer, metadata: { customer: "acme" } }));
    expect((await run("ls")).output).toEqual([
      "ID                                    FUNCTION        STATE    DUE  METADATA",
      `${newer}  importContacts  created  now  customer=acme`,
      `${older}  importContacts  started  now  `,
    ]);
    expect((await run("ls", "--state", "started,failed")).output).toHaveLength(2);
    expect((await run("ls", "--metadata", "customer=acme", "--function", "importContacts")).output).toHaveLength(2);
    expect((await run("ls", "-n", "1")).output).toHaveLength(2);
    expect(await run("ls", "--schedule", "none")).toEqual({ code: 0, output: [], errors: ["no executions"] });
  });

  it("prints a line of JSON for each with --json", async () => {
    const { run, ports } = aCommandLine();
    ports.executions.records.set(anId, aCreated());
    const { output } = await run("ls", "--json");
    expect(output.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ id: anId, state: "created" }]);
    expect((await run("ls", "--json", "--state", "failed")).output).toEqual([]);
  });
});

describe("show and logs", () => {
  it("show an execution with its input and its error", async () => {
    const { run, ports } = aCommandLine();
    const { leaseUntilMs: _, ...ran } = aStarted({ arguments: { inline: '[{"a":1}]' } });
    ports.executions.records.set(anId, { ...ran, state: "failed", finishedAtMs: 12_000, errorCode: "ER0000" });
    const error = { name: "RangeError", message: "hot", stack: "RangeError: hot\n    at defer/boil.ts:3:9" };
    const logs = `{"time":"1970-01-01T00:00:11.000Z","stream":"stderr","line":"boiling"}\n`;
    const end = { state: "failed", errorCode: "ER0000" } as const;
    await ports.attempts.record(anAttempt({ end, result: { inline: JSON.stringify(error) }, logs: { inline: logs } }));
    const { output } = await run("show", anId);
    expect(output.join("\n")).toMatch(/state +failed ER0000\n.*"a": 1.*error\nRangeError: hot\n {4}at defer/s);
    const [line = ""] = (await run("show", anId, "--json")).output;
    expect(JSON.parse(line)).toMatchObject({
      arguments: [{ a: 1 }],
      result: { message: "hot" },
      attempts: [{}],
      timeline: { changes: [{}] },
    });
    expect((await run("logs", anId)).output).toEqual([expect.stringMatching(/^\d\d:\d\d:\d\d {2}boiling$/)]);
    expect(await run("logs", anId, "--follow", "--json")).toMatchObject({ errors: [], output: [logs.trim()] });
  });

  it("say that there is none", async () => {
    const { run } = aCommandLine();
    expect(await run("show", unknown)).toEqual({ code: 1, output: [], errors: [`cannot find execution "${unknown}"`] });
    const { errors } = await run("show", unknown, "--json");
    expect(JSON.parse(errors[0] ?? "")).toEqual({ error: "not_found", message: expect.stringContaining(unknown) });
  });
});

describe("run", () => {
  it("enqueues with arguments as JSON, and prints the id", async () => {
    const { run, ports } = aCommandLine();
    const options = ["--at", "10m", "--metadata", "a=b=c", "--key", "k"];
    const { output, code } = await run("run", "importContacts", "1", '"two"', "[3]", ...options);
    expect(code).toBe(0);
    expect([...ports.executions.records.values()]).toMatchObject([
      { id: output[0], arguments: { inline: '[1,"two",[3]]' }, metadata: { a: "b=c" }, scheduledAtMs: 610_000 },
    ]);
  });

  it("says which argument is not JSON, and enqueues nothing", async () => {
    const { run, ports } = aCommandLine();
    const { code, errors } = await run("run", "importContacts", "1", "two");
    expect({ code, errors }).toEqual({ code: 2, errors: [`argument 2 is not JSON: two (a text has quotes: '"two"')`] });
    expect(ports.executions.records.size).toBe(0);
    expect(await run("run", "nope")).toMatchObject({ code: 1, errors: [expect.stringContaining("importContacts")] });
  });
});

describe("cancel, rerun and reschedule", () => {
  it("do it to each, and tell which were refused", async () => {
    const { run, ports } = aCommandLine();
    ports.executions.records.set(anId, aCreated());
    expect(await run("reschedule", anId, "--at", "1h")).toMatchObject({ code: 0, output: [`${anId}  created`] });
    expect(ports.executions.records.get(anId)).toMatchObject({ scheduledAtMs: 3_610_000 });
    expect(await run("cancel", unknown, anId)).toEqual({
      code: 1,
      output: [`${anId}  cancelled`],
      errors: [`${unknown}  cannot find execution "${unknown}"`, "1 of 2 refused"],
    });
    const { output } = await run("rerun", anId, "--arguments", "[2]", "--set-metadata", "a=b", "--json");
    const { id, rerun_of } = JSON.parse(output[0] ?? "") as { id: string; rerun_of: string };
    expect(rerun_of).toBe(anId);
    expect(ports.executions.records.get(id as typeof anId)).toMatchObject({
      arguments: { inline: "[2]" },
      metadata: { a: "b" },
    });
  });

  const ten = (ports: ReturnType<typeof aCommandLine>["ports"]) => {
    for (let index = 0; index < 10; index++) {
      const id = aNewId(index);
      ports.executions.records.set(id, aCreated({ id, ...(index === 0 && { metadata: { keep: "1" } }) }));
    }
  };

  it("do it with --all to what the filters match, after a person has said yes", async () => {
    const { run, ports, asked } = aCommandLine({ answers: ["no", "y"] });
    ten(ports);
    const all = ["cancel", "--all", "--function", "importContacts", "--limit", "8", "--per-second", "100"];
    expect(await run(...all)).toMatchObject({ code: 1, errors: ["nothing was done"] });
    expect(ports.jobs.jobs.size).toBe(0);
    const { code, output } = await run(...all);
    expect({ code, output }).toEqual({ code: 0, output: [expect.stringMatching(/cancel done: 8 done$/)] });
    expect(asked).toEqual(Array(2).fill("cancel 8 executions? [y/N] "));
    expect((await run("bulk", "ls")).output[1]).toMatch(/^[\w-]{36} {2}cancel +done +8 +8 +0 +0 /);
  });

  it("need --yes where nobody can answer, and may be left to themselves", async () => {
    const { run, ports } = aCommandLine();
    ten(ports);
    const all = ["rerun", "--all", "--state", "created", "--per-second", "1"];
    const { code, errors } = await run(...all);
    expect({ code, errors }).toEqual({ code: 2, errors: ["rerun 10 executions? Confirm with --yes."] });
    const { output } = await run(...all, "--yes", "--detach");
    const [id = ""] = output;
    expect((await run("bulk", "stop", id)).output).toEqual([
      expect.stringMatching(`^${id}  rerun stopped: [0-2] done$`),
    ]);
    expect(await run("bulk", "watch", id)).toMatchObject({ code: 1 });
    expect(await run("cancel", "--all", "--metadata", "keep=2", "--yes")).toMatchObject({
      code: 0,
      errors: ["nothing matches"],
    });
  });

  it("take ids or filters, not both, and no --all without a filter", async () => {
    const { run, requests } = aCommandLine();
    expect(await run("cancel", anId, "--all", "--since", "1d")).toMatchObject({ code: 2 });
    expect(await run("cancel", "--all")).toMatchObject({ code: 2 });
    expect(await run("cancel", "--since", "1d")).toMatchObject({ code: 2 });
    expect(await run("rerun", "--all", "--since", "1d", "--set-metadata", "a=b")).toMatchObject({ code: 2 });
    expect(requests).toEqual([]);
  });

  it("need something to do it to", async () => {
    const { run, requests } = aCommandLine();
    for (const verb of ["cancel", "rerun", "reschedule"]) expect(await run(verb)).toMatchObject({ code: 2 });
    expect(requests).toEqual([]);
  });
});

describe("functions, pause and resume", () => {
  it("show and steer functions", async () => {
    const { run } = aCommandLine();
    const { output } = await run("functions");
    expect(output[0]).toMatch(/^FUNCTION +WAITING +RUNNING/);
    expect(output.join("\n")).toMatch(/^oneByOne +0 +0 +1 .* lambda /m);
    expect(JSON.parse((await run("functions", "oneByOne", "--json")).output[0] ?? "")).toMatchObject({
      concurrency: 1,
    });
    expect((await run("pause", "oneByOne", "importContacts")).output).toHaveLength(2);
    expect((await run("resume", "oneByOne")).output).toEqual(["oneByOne  resumed"]);
  });
});

describe("schedules", () => {
  it("are made, listed, shown, steered and removed", async () => {
    const { run } = aCommandLine();
    const put = ["schedules", "put", "report-42", "importContacts", '"ada"'];
    expect(await run(...put, "--every", "90s", "--jitter", "5s")).toMatchObject({ code: 0 });
    expect(await run(...put, "--cron", "0 9 * * *", "--timezone", "Europe/Paris", "--overlap", "skip")).toMatchObject({
      output: [expect.stringMatching(/^report-42 {2}next tick in /)],
    });
    expect(await run(...put, "--overlap", "never", "--every", "1d")).toMatchObject({ code: 1 });
    const { output } = await run("schedules", "ls", "--prefix", "report-");
    expect(output.slice(1)).toEqual([expect.stringMatching(/^report-42 +importContacts +0 9 \* \* \* Europe\/Paris/)]);
    const shown = JSON.parse((await run("schedules", "show", "report-42", "--json")).output[0] ?? "") as { next: [] };
    expect(shown.next).toHaveLength(10);
    expect((await run("schedules", "pause", "report-42")).output).toEqual(["report-42  paused"]);
    expect((await run("schedules", "ls", "--paused")).output[1]).toContain("paused");
    expect((await run("schedules", "resume", "report-42")).output).toEqual(["report-42  resumed"]);
    expect((await run("schedules", "run", "report-42")).output).toEqual([
      expect.stringMatching(/^report-42 {2}[\w-]{36}$/),
    ]);
    expect((await run("schedules", "rm", "report-42")).output).toEqual(["report-42  removed"]);
    expect(await run("schedules", "show", "report-42")).toMatchObject({ code: 1 });
  });
});

describe("tokens", () => {
  it("are made, shown once, listed and revoked", async () => {
    const { run } = aCommandLine();
    const { output, errors } = await run("tokens", "create", "ci", "--scope", "enqueue,read", "--expires", "90d");
    expect(output).toEqual([expect.stringMatching(/^ep1\.ci\./)]);
    expect(errors).toEqual(["Keep it: it is shown this once."]);
    await run("tokens", "create", "web", "--scope", "enqueue", "--functions", "importContacts,oneByOne");
    const listed = (await run("tokens", "ls")).output;
    expect(listed.slice(1)).toEqual([
      expect.stringMatching(/^ci +enqueue read +in 12w +now +admin$/),
      expect.stringMatching(/^web +enqueue +importContacts oneByOne /),
    ]);
    expect(listed.join("\n")).not.toContain("ep1.");
    expect(await run("tokens", "rm", "ci")).toMatchObject({ code: 0 });
    expect((await run("tokens", "ls", "--json")).output).toEqual([expect.stringContaining('"name":"web"')]);
    expect(await run("tokens", "create", "ci")).toMatchObject({ code: 2 });
    expect(await run("tokens", "create", "ci", "--scope", "root")).toMatchObject({ code: 2 });
  });
});

describe("open", () => {
  it("prints an address that signs in once", async () => {
    const { run } = aCommandLine();
    const { code, output } = await run("open", "--print");
    expect({ code, output }).toEqual({
      code: 0,
      output: [expect.stringMatching(/^https:\/\/api\.test\/console\/#code=\S+$/)],
    });
  });
});

describe("failures", () => {
  it("are listed by kind, resolved, ignored and opened again by the beginning of a kind", async () => {
    const { run, ports } = aCommandLine();
    for (const kind of ["ab1", "ab1", "ab2"]) await ports.failures.count(aCountedFailure(kind));
    await ports.failures.count(aCountedFailure("ff", { functionName: "oneByOne" }));
    const rows = async (...args: string[]) => (await run("failures", ...args)).output.slice(1);
    expect(await rows()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^ab10000000000000 +importContacts +open +2 +·{23}█ +\S.* RangeError: too ab1$/),
        expect.stringMatching(/^ff00000000000000 +oneByOne +open +1 /),
      ]),
    );
    expect(await rows("--function", "oneByOne")).toHaveLength(1);
    expect(await run("failures", "resolve", "ab1", "ff")).toMatchObject({
      output: ["ab10000000000000  resolved  RangeError: too ab1", "ff00000000000000  resolved  RangeError: too ff"],
    });
    expect(await rows("--state", "resolved")).toHaveLength(2);
    expect(await rows()).toHaveLength(1);
    await run("failures", "ignore", "ab2".padEnd(32, "0"));
    expect(await run("failures")).toEqual({ code: 0, output: [], errors: ["no failures: all is well"] });
    await run("failures", "reopen", "ff");
    expect(await rows()).toHaveLength(1);
    expect(await run("failures", "resolve", "ab")).toMatchObject({
      code: 1,
      errors: [expect.stringContaining("2 kinds")],
    });
    expect(await run("failures", "resolve", "nope")).toMatchObject({ code: 1 });
  });

  it("of one function are told apart, and resolved by what the list shows; a message has one line", async () => {
    const { run, ports } = aCommandLine();
    const kindOf = (message: string) =>
      errorFingerprint(functionId("importContacts"), { name: "Error", message, stack: "" });
    for (const message of ["declined", '[\n  {\n    "path"\n  }\n]']) {
      await ports.failures.count({ ...aCountedFailure(kindOf(message)), message });
    }
    const { output } = await run("failures");
    expect(output.join("\n")).toContain('RangeError: [ { "path" } ]');
    const [first, second] = output.slice(1).map((row) => row.split(" ")[0] ?? "");
    expect(first).not.toBe(second);
    expect(await run("failures", "resolve", first ?? "")).toMatchObject({ code: 0 });
    expect((await run("failures")).output.slice(1)).toHaveLength(1);
  });

  it("choose executions by their kind", async () => {
    const { run, ports } = aCommandLine();
    await ports.failures.count(aCountedFailure("ab1"));
    ports.executions.records.set(anId, aCreated());
    expect(await run("ls", "--kind", "ab1")).toMatchObject({ code: 0, errors: ["no executions"] });
    expect(await run("ls", "--kind", "b")).toMatchObject({ code: 1, errors: ["no kind of failure begins with b"] });
  });
});
