import { ListSchedulesCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { RunningCloud } from "../../../harness/a-cloud.ts";
import { until } from "../../../harness/until.ts";

/** An execution as the API shows it. */
export interface Shown {
  id: string;
  state: string;
  function_name: string;
  created_at: string;
  scheduled_at: string;
  started_at?: string;
  finished_at?: string;
  attempt: number;
  executed_by?: string;
  metadata: Record<string, string>;
}

export const FINAL = new Set(["succeed", "failed", "cancelled", "aborted", "discarded"]);

/** The notes of user code on one execution: `begin` and `end` in turn, unless it failed or was killed. */
export interface Note {
  what: string;
  key: string;
}

export function parseNotes(text: string): Note[] {
  const lines = text.trim().split("\n");
  return lines.map((line) => ({ what: line.split(" ")[0] ?? "", key: line.split(" ")[1] ?? "" }));
}

/** The key under which an execution notes what it does; none of those that note nothing. */
export function keyOf({ metadata, executed_by }: Shown): string | undefined {
  return metadata["key"] ?? (executed_by && `after-${executed_by}`);
}

/** Promises to one execution. */
export function brokenBy(shown: Shown, notes: readonly Note[]): string[] {
  const { id, state, attempt } = shown;
  const name = `${id} (${shown.function_name} ${keyOf(shown)}, ${state})`;
  const key = keyOf(shown);
  const own = notes.filter((it) => it.key === key);
  const begun = own.filter(({ what }) => what === "begin");
  const broken: string[] = [];
  if (!FINAL.has(state)) broken.push(`${name} is not final`);
  if (begun.length > attempt) broken.push(`${name} began ${begun.length} times in ${attempt} attempts`);
  if (state === "succeed" && key !== undefined && !own.some(({ what }) => what === "end"))
    broken.push(`${name} never ran to its end`);
  if ((state === "cancelled" || state === "discarded") && begun.length === attempt) broken.push(`${name} ran`);
  if (shown.started_at !== undefined && shown.started_at < shown.scheduled_at) broken.push(`${name} was early`);
  return [...broken, ...brokenCapacity(own, 1).map((it) => `${name}: ${it}`)];
}

/**
 * Never more than `most` at once. Only of those that came to their end is it known that they ran all the time; a killed
 * one may have been gone at any moment.
 */
export function brokenCapacity(notes: readonly Note[], most: number): string[] {
  const inside: string[] = [];
  const broken: string[] = [];
  for (const [index, { what, key }] of notes.entries()) {
    if (what === "end") inside.splice(inside.indexOf(key), 1);
    const next = notes.slice(index + 1).find((it) => it.key === key);
    if (what === "begin" && next?.what === "end") inside.push(key);
    if (inside.length > most) broken.push(`${inside.join(" and ")} ran at once`);
  }
  return broken;
}

/** Schedules of executions, which have all ended, and messages: none but those that SQS still holds back. */
export async function leftOver(running: RunningCloud): Promise<string[]> {
  const scheduler = new SchedulerClient(running.client);
  const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand({ GroupName: "Epoque-timer" }));
  const timers = Schedules.filter(({ Name = "" }) => /^[0-9a-f-]{36}-\d+$/.test(Name));
  const sqs = new SQSClient(running.client);
  const messages = await until(
    () => messagesOf(running, sqs),
    (counts) => counts.length === 0,
    20_000,
  ).catch(() => messagesOf(running, sqs));
  return [...timers.map(({ Name }) => `the schedule ${Name} is left over`), ...messages];
}

async function messagesOf(running: RunningCloud, sqs: SQSClient): Promise<string[]> {
  const queues = running.cloud.resources.filter(({ type }) => type === "AWS::SQS::Queue");
  const counts = await Promise.all(
    queues.map(async ({ physicalId }) => {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: physicalId, AttributeNames: ["All"] }),
      );
      const name = physicalId.split("/").at(-1) ?? "";
      const count =
        Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible);
      // A message that was stale when it came is not sent on: nothing else is in this queue.
      const delayed = name.includes("postpone") ? Number(Attributes.ApproximateNumberOfMessagesDelayed) : 0;
      return count + delayed === 0 ? [] : [`${count + delayed} messages are left over in ${name}`];
    }),
  );
  return counts.flat();
}
