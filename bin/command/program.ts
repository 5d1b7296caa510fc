import { Argument, Command } from "commander";
import { newContext, type Surroundings, type Verb } from "./context.ts";
import { collect, collectPair, count, durationSeconds, jsonArray, momentParser, withFilters } from "./options.ts";

// Every verb, with its arguments and options. Its module is loaded when it runs, so that each starts fast.

/** Loads a verb's module. */
type Load<Options> = () => Promise<{ default: Verb<Options> }>;

/** Returns the command line, to be run once. */
export function newProgram(surroundings: Surroundings): Command {
  const { terminal, now } = surroundings;
  const program = new Command("epoque")
    .description("Background functions and scheduling: runs them here, and steers deployments.")
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.warn(text.trimEnd()),
    })
    .helpCommand(false)
    .exitOverride();
  const verb = <Options>(parent: Command, usage: string, description: string, load: Load<Options>) =>
    addVerb(surroundings, parent, usage, description, load);
  const ahead = momentParser(now, "ahead");

  program
    .command("dev")
    .description("runs the functions of this project on this machine; dev --help lists its flags")
    .argument("[flags...]")
    .allowUnknownOption()
    .helpOption(false)
    .action(async (flags: string[]) => {
      const { dev } = await import("../dev/dev.ts");
      const isStart = surroundings.environment["npm_lifecycle_event"] === "start";
      // The help names the command that was typed.
      await dev(flags, isStart ? "npm start --" : "npx epoque dev");
    });

  verb(program, "init", "writes a small CDK app beside the folder of functions", () => import("../verbs/init.ts"))
    .option("--functions <folder>", "folder of the functions (default: defer, or src/defer)")
    .option("--into <folder>", "folder to write", "deploy");

  withFilters(
    verb(program, "ls", "lists executions, newest first", () => import("../verbs/ls.ts")),
    now,
  ).option("-n, --limit <count>", "how many", count, 20);

  verb(program, "show", "shows an execution, or an attempt", () => import("../verbs/show.ts")).argument("<id>");

  verb(program, "logs", "shows what an execution has written", () => import("../verbs/logs.ts"))
    .argument("<id>")
    .option("-f, --follow", "goes on until it has ended");

  verb(program, "tail", "shows what happens, as it happens", () => import("../verbs/tail.ts"))
    .option("--function <name>", "of this function only; may be repeated", collect)
    .option("--no-logs", "without what the functions write");

  verb(program, "run", "enqueues an execution", () => import("../verbs/run.ts"))
    .argument("<function>")
    .argument("[json...]", "its arguments, each as JSON")
    .option("--at <time>", "when it is due: 10m, 2h, or 2026-11-23T09:00:00Z", ahead)
    .option("--discard-after <time>", "when it is discarded if it has not started", ahead)
    .option("--metadata <key=value>", "its metadata; may be repeated", collectPair)
    .option("--key <key>", "its idempotency key")
    .option("-w, --wait", "shows what it writes and its result; the exit code is 1 unless it succeeds");

  verb(program, "cancel", "cancels executions", () => import("../verbs/cancel.ts"))
    .argument("[id...]")
    .option("--force", "also stops what runs");

  verb(program, "rerun", "runs executions once more, as new ones", () => import("../verbs/rerun.ts"))
    .argument("[id...]")
    .option("--arguments <json>", "other arguments: a JSON array", jsonArray)
    .option("--metadata <key=value>", "other metadata; may be repeated", collectPair);

  verb(program, "reschedule", "gives waiting executions another due time", () => import("../verbs/reschedule.ts"))
    .argument("[id...]")
    .option("--at <time>", "when: 10m, 2h, or 2026-11-23T09:00:00Z (default: now)", ahead);

  verb(
    program,
    "functions",
    "lists the deployed functions, or shows one",
    () => import("../verbs/functions.ts"),
  ).argument("[name]");

  verb(program, "pause", "lets nothing of functions start", () => import("../verbs/pause.ts")).argument(
    "<function...>",
  );

  verb(program, "resume", "lets functions start again", () => import("../verbs/resume.ts")).argument("<function...>");

  const schedules = program.command("schedules").description("makes and steers schedules");
  verb(schedules, "ls", "lists them by name", () => import("../verbs/schedules/ls.ts"))
    .option("--prefix <text>", "with this beginning of the name")
    .option("--function <name>", "of this function; may be repeated", collect)
    .option("--paused", "paused ones only");
  verb(schedules, "show", "shows one and its next ticks", () => import("../verbs/schedules/show.ts")).argument(
    "<name>",
  );
  verb(schedules, "put", "makes or replaces one", () => import("../verbs/schedules/put.ts"))
    .argument("<name>")
    .argument("<function>")
    .argument("[json...]", "the arguments of its executions, each as JSON")
    .option("--cron <expression>", "five fields, or six with the seconds first")
    .option("--timezone <zone>", "with --cron: an IANA name (default: UTC)")
    .option("--every <duration>", "a period instead of --cron: 90s, 10m, 2h, 1d", durationSeconds)
    .option("--starts <time>", "no tick before it", ahead)
    .option("--ends <time>", "no tick after it", ahead)
    .option("--jitter <duration>", "executions are due up to so much later", durationSeconds)
    .option("--overlap <kind>", "while the last one is not final: allow, skip or cancel")
    .option("--catch-up <kind>", "missed ticks that run after an outage: latest, all or none")
    .option("--metadata <key=value>", "metadata of its executions; may be repeated", collectPair);
  verb(schedules, "pause", "makes no more executions", () => import("../verbs/schedules/pause.ts")).argument(
    "<name...>",
  );
  verb(
    schedules,
    "resume",
    "goes on with the next tick after now",
    () => import("../verbs/schedules/resume.ts"),
  ).argument("<name...>");
  verb(schedules, "run", "runs it once now, out of turn", () => import("../verbs/schedules/run.ts")).argument(
    "<name...>",
  );
  verb(
    schedules,
    "rm",
    "removes it; executions of ticks that have come stay",
    () => import("../verbs/schedules/rm.ts"),
  ).argument("<name...>");

  verb(program, "doctor", "looks for what is wrong", () => import("../verbs/doctor.ts")).option(
    "--functions <folder>",
    "folder of the functions (default: defer, or src/defer)",
  );

  program
    .command("completion")
    .description("prints the completion of a shell, to be sourced")
    .addArgument(new Argument("<shell>").choices(["bash", "zsh", "fish"]))
    .action(async (shell: "bash" | "zsh" | "fish") => {
      const { completion } = await import("./completion.ts");
      terminal.print(completion(program, shell));
    });

  return program;
}

function addVerb<Options>(
  surroundings: Surroundings,
  parent: Command,
  name: string,
  description: string,
  load: Load<Options>,
): Command {
  return parent
    .command(name)
    .description(description)
    .option("--json", "for programs: a line of JSON for each thing")
    .option("--profile <name>", "endpoint and token of ~/.config/epoque/<name>.env")
    .action(async (...given: unknown[]) => {
      const command = given.at(-1) as Command;
      const options = command.opts<Options & { json?: boolean; profile?: string }>();
      const { default: run } = await load();
      await run(newContext(surroundings, options), command.args, options);
    });
}
