import { randomUUID } from "node:crypto";
import * as z from "zod";
import { AwsFailure } from "../../gateway/failures.ts";
import { jsonBody } from "../../gateway/json-body.ts";
import type { Service } from "../../gateway/messages.ts";
import type { Ecs } from "./ecs.ts";

/** Serves the supported actions of ECS, by its JSON 1.1 protocol. */
export function ecsService(ecs: Ecs): Service {
  return async ({ action }, request) => {
    const handler = actions[action];
    if (handler === undefined) {
      throw new AwsFailure(400, "UnknownOperationException", `The local ECS has no action "${action}".`);
    }
    return {
      status: 200,
      headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": randomUUID() },
      body: JSON.stringify(handler(ecs, jsonBody(request)), toProtocol),
    };
  };
}

// The protocol has times in seconds, and events have them as texts.
function toProtocol(name: string, value: unknown): unknown {
  return name.endsWith("At") && typeof value === "string" ? Date.parse(value) / 1_000 : value;
}

const actions: Record<string, (ecs: Ecs, input: unknown) => unknown> = {
  RunTask: runTask,
  DescribeTasks: describeTasks,
  StopTask: stopTask,
};

const Cluster = z.string().transform((name) => name.split("/").at(-1) ?? name);

const RunInput = z.strictObject({
  cluster: Cluster,
  taskDefinition: z.string(),
  launchType: z.literal("FARGATE"),
  count: z.literal(1).optional(),
  // Printable ASCII. Source: "Ensuring idempotency".
  clientToken: z
    .string()
    .regex(/^[!-~]{1,64}$/)
    .optional(),
  startedBy: z.string().max(36).optional(),
  networkConfiguration: z.strictObject({
    awsvpcConfiguration: z.strictObject({
      subnets: z.array(z.string()).min(1).max(16),
      securityGroups: z.array(z.string()).max(5).default([]),
      assignPublicIp: z.enum(["ENABLED", "DISABLED"]).optional(),
    }),
  }),
  overrides: z
    .strictObject({
      containerOverrides: z
        .array(
          z.strictObject({
            name: z.string(),
            environment: z.array(z.strictObject({ name: z.string(), value: z.string() })).default([]),
          }),
        )
        .max(1),
    })
    .optional(),
});

function runTask(ecs: Ecs, input: unknown): unknown {
  const { cluster, taskDefinition, clientToken, startedBy, networkConfiguration, overrides } = validate(
    RunInput,
    input,
  );
  const { subnets, securityGroups } = networkConfiguration.awsvpcConfiguration;
  const [override] = overrides?.containerOverrides ?? [];
  const container = ecs.find(taskDefinition)?.container;
  if (override !== undefined && container !== undefined && override.name !== container) {
    const message = `Override for container named ${override.name} is not a container in the TaskDefinition.`;
    throw new AwsFailure(400, "InvalidParameterException", message);
  }
  const environment = override?.environment ?? [];
  const request = { cluster, taskDefinition, clientToken, startedBy, subnets, securityGroups, environment };
  const result = ecs.run(request);
  return "task" in result ? { tasks: [result.task], failures: [] } : { tasks: [], failures: [result] };
}

const DescribeInput = z.strictObject({ cluster: Cluster, tasks: z.array(z.string()).min(1).max(100) });

function describeTasks(ecs: Ecs, input: unknown): unknown {
  const { cluster, tasks } = validate(DescribeInput, input);
  const found = tasks.map((task) => ({ task, description: ecs.describe(cluster, task) }));
  return {
    tasks: found.flatMap(({ description }) => description ?? []),
    failures: found.flatMap(({ task, description }) =>
      description === undefined ? { arn: task, reason: "MISSING" } : [],
    ),
  };
}

const StopInput = z.strictObject({ cluster: Cluster, task: z.string(), reason: z.string().optional() });

function stopTask(ecs: Ecs, input: unknown): unknown {
  const { cluster, task, reason = "Task stopped by user" } = validate(StopInput, input);
  const stopped = ecs.stopTask(cluster, task, reason);
  if (stopped === undefined)
    throw new AwsFailure(400, "InvalidParameterException", "The referenced task was not found.");
  return { task: stopped };
}

function validate<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw new AwsFailure(400, "InvalidParameterException", z.prettifyError(parsed.error));
  return parsed.data;
}
