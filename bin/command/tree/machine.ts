import { Argument, type Command } from "commander";
import type { Surroundings } from "../../invocation/context.ts";
import type { AddVerb } from "../verb.ts";

/** Adds what is done on this machine. */
export function addMachineVerbs(program: Command, verb: AddVerb, { terminal, environment }: Surroundings): void {
  program
    .command("dev [flags...]")
    .description("runs the functions of this project on this machine; dev --help lists its flags")
    .allowUnknownOption()
    .helpOption(false)
    .action(async (flags: string[]) => {
      const { dev } = await import("../../dev/dev.ts");
      // The help names the command that was typed.
      await dev(flags, environment["npm_lifecycle_event"] === "start" ? "npm start --" : "npx epoque dev");
    });

  verb(program, "open", "opens the console in the browser, signed in", () => import("../../verbs/open.ts")).option(
    "--print",
    "prints the address, which is good for one sign-in within two minutes",
  );

  verb(program, "doctor", "looks for what is wrong", () => import("../../verbs/doctor.ts")).option(
    "--functions <folder>",
    "folder of the functions (default: defer, or src/defer)",
  );

  verb(program, "init", "writes a small CDK app beside the folder of functions", () => import("../../verbs/init.ts"))
    .option("--functions <folder>", "folder of the functions (default: defer, or src/defer)")
    .option("--into <folder>", "folder to write", "deploy");

  program
    .command("completion")
    .description("prints the completion of a shell, to be sourced")
    .addArgument(new Argument("<shell>").choices(["bash", "zsh", "fish"]))
    .action(async (shell: "bash" | "zsh" | "fish") => {
      const { completion } = await import("../completion.ts");
      terminal.print(completion(program, shell));
    });
}
