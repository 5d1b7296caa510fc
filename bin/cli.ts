#!/usr/bin/env node
import { problemWithNode } from "../builder/needed-node.ts";

// npx epoque: what the package has for the command line.

const usage = `npx epoque dev [flags]

  dev    runs the functions of this project on this machine; npx epoque dev --help lists its flags`;

const [command, ...args] = process.argv.slice(2);
const problem = problemWithNode();
if (problem !== undefined) {
  fail(problem);
} else if (command === "dev") {
  // Not before: an older Node could not even load it.
  const { dev } = await import("./dev/dev.ts");
  // The help names the command that was typed.
  await dev(args, process.env["npm_lifecycle_event"] === "start" ? "npm start --" : "npx epoque dev");
} else if (command === undefined || command === "--help") {
  console.log(usage);
} else {
  fail(`there is no command ${command}\n\n${usage}`);
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
