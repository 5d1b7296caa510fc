#!/usr/bin/env node
import { problemWithNode } from "../builder/needed-node.ts";

// npx epoque: the command line of the package.

const problem = problemWithNode();
if (problem !== undefined) {
  console.error(problem);
  process.exitCode = 1;
} else {
  // Not before: an older Node could not even load it.
  const { runHere } = await import("./command/run-here.ts");
  await runHere();
}
