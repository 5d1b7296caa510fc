/** The alarms of a deployment: their names in CloudWatch are these behind the deployment's own. */
export const alarmIds = [
  "LostWork",
  "Late",
  "Waiting",
  "SweepCutShort",
  "Unauthorized",
  "DeadLetters",
  "FireQueueOld",
  "ApiFails",
  "LambdasFail",
  "LambdasThrottled",
  "SweepStands",
] as const;
export type AlarmId = (typeof alarmIds)[number];

export interface AlarmText {
  /** The first thing to know for the person woken by it. */
  reason: string;
  /** The next step. `docs/operations.md` says more. */
  next: string;
}

/** An alarm that rings. */
export interface RingingAlarm extends AlarmText {
  id: AlarmId;
  sinceMs: number;
}

const NEXT = " NEXT: ";

/** Returns the description of an alarm in CloudWatch, which `readDescription` reads. */
export function alarmDescription({ reason, next }: AlarmText): string {
  return `${reason}${NEXT}${next}`;
}

export function readDescription(text: string): AlarmText {
  const [reason = "", ...next] = text.split(NEXT);
  return { reason, next: next.join(NEXT) };
}
