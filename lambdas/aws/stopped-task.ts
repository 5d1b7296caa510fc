import * as z from "zod/mini";
import type { Launch, StoppedTask } from "../core/ports.ts";
import { taskExit } from "../core/task-exit.ts";
import { LAUNCH_VARIABLE, parseLaunch } from "./task-launch.ts";

const Variable = z.object({ name: z.string(), value: z.string() });

/** A task as ECS describes it, in events and in answers: as much as is needed. */
const Task = z.object({
  taskArn: z.string().check(z.minLength(1)),
  lastStatus: z.string(),
  stoppedReason: z.optional(z.string()),
  containers: z.optional(
    z.array(z.object({ exitCode: z.optional(z.nullable(z.int())), reason: z.optional(z.nullable(z.string())) })),
  ),
  overrides: z.optional(
    z.object({ containerOverrides: z.optional(z.array(z.object({ environment: z.optional(z.array(Variable)) }))) }),
  ),
});

/**
 * The event "ECS Task State Change" of a task that has stopped. Its overrides name the launch.
 * Source: "Amazon ECS task state change events".
 */
export const TaskStateChange: z.ZodMiniType<StoppedTask> = z.pipe(
  z
    .object({ source: z.literal("aws.ecs"), detail: Task })
    .check(z.refine(({ detail }) => launchTextOf(detail) !== undefined, "it was not launched by Epoque")),
  z.transform(({ detail }) => stopped(detail, parseLaunch(launchTextOf(detail) ?? ""))),
);

function launchTextOf({ overrides }: z.output<typeof Task>): string | undefined {
  const variables = overrides?.containerOverrides?.flatMap(({ environment = [] }) => environment);
  return variables?.find(({ name }) => name === LAUNCH_VARIABLE)?.value;
}

/** Reads the description of a task that was launched by `launch`; `undefined` as long as it has not stopped. */
export function stoppedTask(description: unknown, launch: Launch): StoppedTask | undefined {
  const task = Task.parse(description);
  return task.lastStatus === "STOPPED" ? stopped(task, launch) : undefined;
}

function stopped({ taskArn, stoppedReason, containers = [] }: z.output<typeof Task>, launch: Launch): StoppedTask {
  const [container] = containers;
  const exit = taskExit({
    exitCode: container?.exitCode ?? undefined,
    reason: container?.reason ?? undefined,
    stoppedReason,
  });
  return { task: taskArn, launch, exit };
}
