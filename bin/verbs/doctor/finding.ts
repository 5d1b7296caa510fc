/** The result of a check, and what to do about it. */
export interface Finding {
  what: "endpoint" | "clock" | "token" | "client" | "functions" | "alarms" | "quotas";
  state: "good" | "doubtful" | "bad" | "skipped";
  message: string;
}
