import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  ResourceNotFoundException,
  SchedulerClient,
} from "@aws-sdk/client-scheduler";
import type { Timer } from "../core/ports.ts";
import { defaults } from "./client-settings.ts";
import { encodeDueMessage } from "./encode-due-message.ts";

export interface TimerTarget {
  /** The schedule group that the one-time schedules are in. */
  group: string;
  fireQueueArn: string;
  /** Role that Scheduler assumes to send to that queue. */
  roleArn: string;
}

export function schedulerClient(): SchedulerClient {
  return new SchedulerClient(defaults);
}

/** The timer on EventBridge Scheduler: a one-time schedule for each message, named after execution and revision. */
export function oneTimeSchedules(client: SchedulerClient, { group, fireQueueArn, roleArn }: TimerTarget): Timer {
  return {
    async set(message, atMs) {
      const command = new CreateScheduleCommand({
        Name: `${message.executionId}-${message.revision}`,
        GroupName: group,
        // Whole seconds, UTC: at(2026-11-23T09:00:00).
        ScheduleExpression: `at(${new Date(atMs).toISOString().slice(0, 19)})`,
        FlexibleTimeWindow: { Mode: "OFF" },
        ActionAfterCompletion: "DELETE",
        Target: { Arn: fireQueueArn, RoleArn: roleArn, Input: encodeDueMessage(message) },
      });
      try {
        await client.send(command);
      } catch (error) {
        if (!(error instanceof ConflictException)) throw error;
      }
    },

    async clear(executionId, revision) {
      try {
        await client.send(new DeleteScheduleCommand({ Name: `${executionId}-${revision}`, GroupName: group }));
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
      }
    },
  };
}
