import type { Command } from "commander";
import { collect, collectPair, durationSeconds, momentParser } from "../../invocation/options.ts";
import type { AddVerb } from "../verb.ts";

/** Adds what is done with schedules. */
export function addScheduleVerbs(program: Command, verb: AddVerb, now: () => number): void {
  const ahead = momentParser(now, "ahead");
  const schedules = program.command("schedules").description("makes and steers schedules");

  verb(schedules, "ls", "lists them by name", () => import("../../verbs/schedules/ls.ts"), { isDefault: true })
    .option("--prefix <text>", "with this beginning of the name")
    .option("--function <name>", "of this function; may be repeated", collect)
    .option("--paused", "paused ones only");

  verb(schedules, "show <name>", "shows one and its next ticks", () => import("../../verbs/schedules/show.ts"));

  const put = () => import("../../verbs/schedules/put.ts");
  verb(schedules, "put <name> <function> [json...]", "makes or replaces one", put)
    .option("--cron <expression>", "five fields, or six with the seconds first")
    .option("--timezone <zone>", "with --cron: an IANA name (default: UTC)")
    .option("--every <duration>", "a period instead of --cron: 90s, 10m, 2h, 1d", durationSeconds)
    .option("--starts <time>", "no tick before it", ahead)
    .option("--ends <time>", "no tick after it", ahead)
    .option("--jitter <duration>", "executions are due up to so much later", durationSeconds)
    .option("--overlap <kind>", "while the last one is not final: allow, skip or cancel")
    .option("--catch-up <kind>", "missed ticks that run after an outage: latest, all or none")
    .option("--metadata <key=value>", "metadata of its executions; may be repeated", collectPair);

  verb(schedules, "pause <name...>", "makes no more executions", () => import("../../verbs/schedules/pause.ts"));

  const resume = () => import("../../verbs/schedules/resume.ts");
  verb(schedules, "resume <name...>", "goes on with the next tick after now", resume);

  verb(schedules, "run <name...>", "runs them once now, out of turn", () => import("../../verbs/schedules/run.ts"));

  const rm = () => import("../../verbs/schedules/rm.ts");
  verb(schedules, "rm <name...>", "removes them; executions of ticks that have come stay", rm);
}
