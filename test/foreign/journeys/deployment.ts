import {
  GetScheduleCommand,
  ListSchedulesCommand,
  ResourceNotFoundException,
  SchedulerClient,
} from "@aws-sdk/client-scheduler";
import { caller } from "../../../harness/caller.ts";

// The deployment that the environment names.

const endpoint = process.env["DEFER_ENDPOINT"] ?? "";
const token = process.env["DEFER_TOKEN"] ?? "";
export const calls = caller({ DEFER_ENDPOINT: endpoint, DEFER_TOKEN: token });

const scheduler = new SchedulerClient();
const GroupName = "Epoque-timer";

/** Returns a schedule of ours, or undefined where there is none. */
export async function schedule(Name: string) {
  try {
    return await scheduler.send(new GetScheduleCommand({ GroupName, Name }));
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** Returns the names of all schedules of ours. */
export async function scheduleNames(): Promise<string[]> {
  const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand({ GroupName }));
  return Schedules.flatMap(({ Name }) => (Name === undefined ? [] : [Name]));
}

/** Sends any request to the API. */
export function request(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(new URL(path, endpoint), { headers: { authorization: `Bearer ${token}` }, ...init });
}
