import { createHash } from "node:crypto";
import { DescribeTasksCommand, ECSClient, RunTaskCommand } from "@aws-sdk/client-ecs";
import { DomainError } from "../core/errors.ts";
import type { Launch, Tasks } from "../core/ports.ts";
import { defaults } from "./client-settings.ts";
import { failingAsUnavailable } from "./failures.ts";
import { stoppedTask } from "./stopped-task.ts";
import { LAUNCH_VARIABLE, launchText } from "./task-launch.ts";
import { TASK_CONTAINER } from "./worker-log.ts";

/** The network of a task. */
export interface TaskNetwork {
  subnets: string[];
  securityGroups: string[];
  /** Public subnets without a NAT gateway reach the internet only with an address of one's own. */
  hasPublicIp: boolean;
}

export interface EcsOptions {
  cluster: string;
  /** The family of a function's task definitions is this and the function's name. */
  familyPrefix: string;
  networkOf: (functionName: string) => TaskNetwork;
}

/** Tasks on ECS with Fargate. */
export function ecsTasks(client: ECSClient, { cluster, familyPrefix, networkOf }: EcsOptions): Tasks {
  return {
    async run(launch) {
      const { subnets, securityGroups, hasPublicIp } = networkOf(launch.functionName);
      try {
        const { tasks: [task] = [], failures = [] } = await client.send(
          new RunTaskCommand({
            cluster,
            // The newest of the family.
            taskDefinition: `${familyPrefix}${launch.functionName}`,
            launchType: "FARGATE",
            count: 1,
            clientToken: tokenOf(launch),
            startedBy: launch.executionId,
            networkConfiguration: {
              awsvpcConfiguration: { subnets, securityGroups, assignPublicIp: hasPublicIp ? "ENABLED" : "DISABLED" },
            },
            overrides: {
              containerOverrides: [
                { name: TASK_CONTAINER, environment: [{ name: LAUNCH_VARIABLE, value: launchText(launch) }] },
              ],
            },
          }),
        );
        if (task?.taskArn !== undefined) return task.taskArn;
        const reasons = failures.map(({ reason, detail }) => [reason, detail].filter(Boolean).join(": "));
        throw new DomainError("unavailable", `ECS started no task: ${reasons.join("; ") || "it gives no reason"}`);
      } catch (error) {
        // The same launch before a deployment that changed the network.
        const { name, resourceIds: [task] = [] } = error as Error & { resourceIds?: string[] };
        if (name === "ConflictException" && task !== undefined) return task;
        throw error;
      }
    },

    async findStopped(task, launch) {
      const { tasks: [found] = [] } = await client.send(new DescribeTasksCommand({ cluster, tasks: [task] }));
      // ECS forgets what has stopped an hour ago.
      if (found === undefined) return { task, launch, exit: { reason: "lost", why: "ECS knows no more of its task" } };
      return stoppedTask(found, launch);
    },
  };
}

export function ecsClient(): ECSClient {
  return failingAsUnavailable(new ECSClient(defaults));
}

// ECS takes 64 characters.
function tokenOf({ executionId, revision, number }: Launch): string {
  return createHash("sha256").update(`${executionId} ${revision} ${number}`).digest("hex");
}
