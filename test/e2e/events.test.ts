import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { App, Stack } from "aws-cdk-lib";
import { expect, it } from "vitest";
import { caller } from "../../harness/caller.ts";
import { until } from "../../harness/until.ts";
import { Epoque } from "../../lib/epoque.ts";
import { startCloud } from "../../local/cloud.ts";
import type { BusEvent } from "../../local/services/event-buses.ts";

const later = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

it("an Epoque with events tells its bus of everything that becomes of executions", async () => {
  const outdir = await mkdtemp(join(tmpdir(), "epoque-events-"));
  const app = new App({ outdir });
  const jobs = new Epoque(new Stack(app, "Mine"), "Jobs", { functions: "harness/basics/defer", events: true });
  expect(jobs.eventBus).toBeDefined();
  const assembly = app.synth().directory;
  const events: BusEvent[] = [];
  const onEvent = (event: BusEvent) => events.push(event);
  const cloud = await startCloud({ assembly, port: 0, dynamodb: "dynalite", onLog: () => {}, onEvent });
  try {
    const { gatewayEndpoint: endpoint, region, operator: credentials } = cloud;
    const outputs = Object.entries(cloud.outputs["Mine"] ?? {});
    const output = (name: string) => outputs.find(([key]) => key.startsWith(name))?.[1];
    const secrets = new SecretsManagerClient({ endpoint, region, credentials });
    const token = await secrets.send(new GetSecretValueCommand({ SecretId: output("JobsTokenSecret") }));
    const calls = caller({ DEFER_ENDPOINT: cloud.apiEndpoint, DEFER_TOKEN: token.SecretString ?? "" });

    const succeeds = await calls.enqueue("echo", ["secret"], { metadata: { user: "7" } });
    const retried = await calls.enqueue("flaky", [join(outdir, "calls"), 2]);
    const fails = await calls.enqueue("explode", []);
    const moved = await calls.enqueue("echo", [1], { schedule_for: later(5) });
    await calls.send("PATCH", `/${moved}/schedule`, { schedule_for: later(30) });
    await calls.send("POST", `/${moved}/cancellation`);
    for (const id of [succeeds, retried, fails]) await calls.ended(id);

    const stepsOf = (id: string) =>
      events
        .map(({ detail }) => detail)
        .filter((detail) => detail["id"] === id)
        .sort((a, b) => Number(a["version"]) - Number(b["version"]))
        .map(
          (detail) => `${String(detail["previous_state"])} → ${String(detail["state"])} ${String(detail["attempt"])}`,
        );
    const made = "undefined → created 1";
    const expected: [string, string[]][] = [
      [succeeds, [made, "created → started 1", "started → succeed 1"]],
      [retried, [made, "created → started 1", "started → created 2", "created → started 2", "started → succeed 2"]],
      [fails, [made, "created → started 1", "started → failed 1"]],
      [moved, [made, "created → created 1", "created → cancelled 1"]],
    ];
    // The last event is on its way when the API shows the end.
    for (const [id, steps] of expected) {
      await until(
        () => stepsOf(id),
        (seen) => seen.length >= steps.length,
      );
      expect(stepsOf(id)).toEqual(steps);
    }
    expect(new Set(events.map((event) => `${event.bus} ${event.source} ${event["detail-type"]}`))).toEqual(
      new Set([`${output("JobsEventBus")} epoque Execution State Change`]),
    );
    expect(events.find(({ detail }) => detail["state"] === "failed")?.detail).toMatchObject({ error_code: "ER0000" });
    expect(JSON.stringify(events)).not.toContain("secret");
  } finally {
    await cloud.stop();
    await rm(outdir, { recursive: true });
  }
});
