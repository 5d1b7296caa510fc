import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  ResourceNotFoundException,
  SchedulerClient,
} from "@aws-sdk/client-scheduler";
import { defaults } from "./client-settings.ts";

/** Targets of one-time schedules. */
export interface ScheduleTarget {
  /** The schedule group that the one-time schedules are in. */
  group: string;
  queueArn: string;
  /** Role that Scheduler assumes to send to that queue. */
  roleArn: string;
}

/** One-time schedules of EventBridge Scheduler: each sends one message to a queue. */
export interface OneTimeSchedules {
  /** Leaves a schedule of that name as it is, if there is one. */
  create(name: string, atMs: number, body: string): Promise<void>;
  /** Removes the schedule, if it is there. */
  delete(name: string): Promise<void>;
}

export function schedulerClient(): SchedulerClient {
  return new SchedulerClient(defaults);
}

export function oneTimeSchedules(
  client: SchedulerClient,
  { group, queueArn, roleArn }: ScheduleTarget,
): OneTimeSchedules {
  return {
    async create(name, atMs, body) {
      const command = new CreateScheduleCommand({
        Name: name,
        GroupName: group,
        // Whole seconds, UTC: at(2026-11-23T09:00:00).
        ScheduleExpression: `at(${new Date(atMs).toISOString().slice(0, 19)})`,
        FlexibleTimeWindow: { Mode: "OFF" },
        ActionAfterCompletion: "DELETE",
        Target: { Arn: queueArn, RoleArn: roleArn, Input: body },
      });
      try {
        await client.send(command);
      } catch (error) {
        if (!(error instanceof ConflictException)) throw error;
      }
    },

    async delete(name) {
      try {
        await client.send(new DeleteScheduleCommand({ Name: name, GroupName: group }));
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
      }
    },
  };
}
