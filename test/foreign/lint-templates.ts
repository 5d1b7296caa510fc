import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pythonPrograms } from "./python.ts";

// npm run test:templates: cfn-lint and checkov on the templates of the samples, and of functions on Fargate, with every
// option that adds a resource.
// What checkov finds and we keep has its reason beside the resource: lib/acknowledge.ts.

const project = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Rules of cfn-lint that are not about us. W3005: the CDK writes a `DependsOn` although a reference says the same.
 * W6001: an output repeats what the other stack exports, for a person who looks for it in this one.
 */
const NOT_OURS = ["W3005", "W6001"];

const python = pythonPrograms("linters");
if ("missing" in python) {
  console.log(`SKIPPED  cfn-lint and checkov: ${python.missing}`);
  process.exit(0);
}
const output = mkdtempSync(join(tmpdir(), "epoque-templates-"));
try {
  const options = ["-c", "events=true", "-c", "alarmEmail=on-call@example.com"];
  const templates = ["defer", "test/fixtures/fargate/defer"].flatMap((functions) => {
    const directory = join(output, functions);
    const of = ["-c", `functions=${functions}`];
    run(join(project, "node_modules/.bin/cdk"), ["synth", "--quiet", "-o", directory, ...options, ...of]);
    return ["Epoque-stateful", "Epoque-stateless"].map((stack) => join(directory, `${stack}.template.json`));
  });
  run(join(python.directory, "cfn-lint"), ["--ignore-checks", ...NOT_OURS, "--", ...templates]);
  const quietly = ["--quiet", "--compact", "--framework", "cloudformation", "--skip-download"];
  run(join(python.directory, "checkov"), [...quietly, "--file", ...templates]);
  console.log("PASSED  cfn-lint and checkov");
} catch {
  console.log("FAILED  cfn-lint and checkov: see above");
  process.exitCode = 1;
} finally {
  rmSync(output, { recursive: true });
}

function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, { cwd: project, stdio: "inherit" });
}
