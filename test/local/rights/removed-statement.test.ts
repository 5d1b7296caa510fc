import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { assemble } from "../../../bin/dev/assembly.ts";
import { aCloud } from "../../../harness/a-cloud.ts";

interface Role {
  Type: string;
  Properties: { Policies: { PolicyDocument: { Statement: { Action: string | string[] }[] } }[] };
}

it("an API without permission to send to queues shows the developer the reason; the next sweep sends what was enqueued", async () => {
  const parent = await mkdtemp(join(tmpdir(), "epoque-removed-"));
  try {
    const { directory } = await assemble("harness/basics/defer", parent);
    const file = join(directory, "Epoque-stateless.template.json");
    const template = JSON.parse(await readFile(file, "utf-8")) as { Resources: Record<string, Role> };
    const [, role] = Object.entries(template.Resources).find(([id]) => id.startsWith("ApiHandlerRole")) ?? [];
    for (const { PolicyDocument } of role?.Properties.Policies ?? []) {
      PolicyDocument.Statement = PolicyDocument.Statement.filter(({ Action }) => Action !== "sqs:SendMessage");
    }
    await writeFile(file, JSON.stringify(template));
    const lines: string[] = [];
    await using running = await aCloud({
      assembly: directory,
      dynamodb: "dynalite",
      onLog: ({ functionName, line }) => lines.push(`${functionName} | ${line}`),
    });
    const ids = [await running.calls.enqueue("echo", [1]), await running.calls.enqueue("echo", [2])];
    const [told, ...rest] = lines.filter((line) => line.startsWith("iam | "));
    expect(told).toMatch(
      /^iam \| arn:aws:iam::000000000000:role\/Epoque-stateless-ApiHandlerRole\w+ may not sqs:SendMessage on arn:aws:sqs:us-east-1:000000000000:Epoque-fn-echo: no policy allows it$/,
    );
    expect(rest).toEqual([]);
    expect(lines.join("\n")).toContain("is not authorized to perform: sqs:sendmessage on resource");
    // Both are written, so both run: the sweep may send. Scheduler starts it anywhere within the minute.
    await running.cloud.advanceClock(121_000);
    for (const id of ids) expect(await running.calls.ended(id)).toMatchObject({ state: "succeed" });
  } finally {
    await rm(parent, { recursive: true });
  }
});
