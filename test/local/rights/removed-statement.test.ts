import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { assemble } from "../../../bin/dev/assembly.ts";
import { aCloud } from "../../support/a-cloud.ts";

interface Role {
  Type: string;
  Properties: { Policies: { PolicyDocument: { Statement: { Action: string | string[] }[] } }[] };
}

it("an API without permission to send to queues fails to enqueue, and the developer sees the reason", async () => {
  const parent = await mkdtemp(join(tmpdir(), "epoque-removed-"));
  try {
    const { directory } = await assemble("test/fixtures/basics/defer", parent);
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
    for (const _ of [1, 2]) await expect(running.calls.enqueue("echo", [1])).rejects.toThrow(/: 500 .*"internal"/);
    const [told, ...rest] = lines.filter((line) => line.startsWith("iam | "));
    expect(told).toMatch(
      /^iam \| arn:aws:iam::000000000000:role\/Epoque-stateless-ApiHandlerRole\w+ may not sqs:SendMessage on arn:aws:sqs:us-east-1:000000000000:Epoque-fn-echo: no policy allows it$/,
    );
    expect(rest).toEqual([]);
    expect(lines.join("\n")).toContain("is not authorized to perform: sqs:sendmessage on resource");
  } finally {
    await rm(parent, { recursive: true });
  }
}, 120_000);
