import { type Command, InvalidArgumentError, Option } from "commander";
import type { State } from "../../client/client.ts";
import { InexactNumber, parseExactly } from "../../lambdas/api/exact-numbers.ts";
import { errorCodes, states } from "../../lambdas/core/execution.ts";
import { parseDuration, parseMoment } from "../terminal/moments.ts";
import { inexactText } from "./json-arguments.ts";

/** The filters of lists, as they are typed; `readFilters` makes the API's of them. */
export interface FilterOptions {
  function?: string[];
  state?: State[];
  errorCode?: string[];
  kind?: string;
  parent?: string;
  rerunOf?: string;
  schedule?: string;
  metadata?: [string, string][];
  since?: Date;
  until?: Date;
  dueFrom?: Date;
  dueTo?: Date;
  startedFrom?: Date;
  startedTo?: Date;
}

/** Adds the filters of lists to a verb. */
export function withFilters(command: Command, now: () => number): Command {
  const moment = momentParser(now, "ago");
  const ahead = momentParser(now, "ahead");
  return command
    .option("--function <name>", "of this function; may be repeated, as all filters with several values", collect)
    .addOption(new Option("--state <state>", `in this state: ${states.join(", ")}`).argParser(oneOf(states)))
    .addOption(new Option("--error-code <code>", "failed with this code").argParser(oneOf(errorCodes)))
    .option("--kind <kind>", "of this kind of failure: see failures")
    .option("--parent <id>", "enqueued by this execution")
    .option("--rerun-of <id>", "re-runs of this execution")
    .option("--schedule <name>", "of this schedule")
    .option("--metadata <key=value>", "with this metadata", collectPair)
    .option("--since <time>", "created since: 90s, 10m, 2h, 1d, 1w ago, or 2026-11-23T09:00:00Z", moment)
    .option("--until <time>", "created until", moment)
    .option("--due-from <time>", "due from: 10m ahead, now, or 2026-11-23T09:00:00Z", ahead)
    .option("--due-to <time>", "due until", ahead)
    .option("--started-from <time>", "last started from: 10m ago, or 2026-11-23T09:00:00Z", moment)
    .option("--started-to <time>", "last started until", moment);
}

/** Adds what acts on all executions that match. */
export function withAll(command: Command, now: () => number): Command {
  return withFilters(command, now)
    .option("--all", "instead of ids: all executions that the filters match")
    .option("--limit <count>", "with --all: at most so many", count)
    .option("--per-second <count>", "with --all: at most so many a second", count)
    .option("--yes", "with --all: without asking")
    .option("--detach", "with --all: prints the job's id and does not wait for it");
}

/** Collects states of kinds of failures. */
export const collectFailureStates = oneOf(["open", "resolved", "ignored"]);

/** Collects scopes of a token. */
export const collectScopes = oneOf(["read", "enqueue", "control", "admin"]);

/** Collects a value that may be given several times, or with commas. */
export function collect(text: string, earlier: string[] = []): string[] {
  return [...earlier, ...text.split(",").filter(Boolean)];
}

/** Collects pairs of `key=value`. */
export function collectPair(text: string, earlier: [string, string][] = []): [string, string][] {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("write key=value");
  return [...earlier, [text.slice(0, at), text.slice(at + 1)]];
}

/** Parses a time that lies ahead or behind, as it is meant in the option. */
export function momentParser(now: () => number, direction: "ahead" | "ago"): (text: string) => Date {
  return (text) => {
    const moment = parseMoment(text, now(), direction);
    if (moment === undefined) throw new InvalidArgumentError("write 90s, 10m, 2h, 1d, 1w, or 2026-11-23T09:00:00Z");
    return moment;
  };
}

/** Parses a duration into seconds. */
export function durationSeconds(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError("write 90s, 10m, 2h, 1d or 1w");
  return ms / 1_000;
}

/** Parses a whole number from 1 on. */
export function count(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("write a whole number from 1 on");
  return Number(text);
}

/** Parses a JSON array, with numbers that JavaScript keeps as they are. */
export function jsonArray(text: string): unknown[] {
  try {
    const value = parseExactly(text);
    if (Array.isArray(value)) return value;
  } catch (error) {
    if (error instanceof InexactNumber) throw new InvalidArgumentError(inexactText(error));
  }
  throw new InvalidArgumentError("write a JSON array: '[1, \"two\"]'");
}

function oneOf(allowed: readonly string[]): (text: string, earlier?: string[]) => string[] {
  return (text, earlier) => {
    const values = collect(text, earlier);
    const wrong = values.find((value) => !allowed.includes(value));
    if (wrong !== undefined) throw new InvalidArgumentError(`choose from ${allowed.join(", ")}`);
    return values;
  };
}
