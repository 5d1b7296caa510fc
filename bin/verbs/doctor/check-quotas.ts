import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Context } from "../../invocation/context.ts";
import type { Finding } from "./finding.ts";

/** Accounts begin with 10 or 1,000; below this, busy functions wait for one another. */
const FEW = 100;

/** Checks with AWS's own command line how many Lambdas the account may run at once. */
export async function checkQuotas({ target, environment }: Context): Promise<Finding[]> {
  const [, region] = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com/.exec(target().endpoint) ?? [];
  const what = "quotas";
  if (region === undefined) return [{ what, state: "skipped", message: "the endpoint is none of API Gateway's" }];
  const args = ["lambda", "get-account-settings", "--region", region, "--output", "json"];
  try {
    const { stdout } = await promisify(execFile)("aws", args, { env: environment, timeout: 20_000 });
    const { AccountLimit } = JSON.parse(stdout) as { AccountLimit: { ConcurrentExecutions: number } };
    return [concurrency(AccountLimit.ConcurrentExecutions, region)];
  } catch (error) {
    const { code, stderr, message } = error as NodeJS.ErrnoException & { stderr?: string };
    const reason = code === "ENOENT" ? "AWS's command line is not installed" : stderr?.trim() || message;
    return [{ what, state: "skipped", message: `cannot be read: ${reason}` }];
  }
}

function concurrency(limit: number, region: string): Finding {
  const message = `Lambda runs ${limit} at once in ${region}`;
  if (limit >= FEW) return { what: "quotas", state: "good", message };
  return {
    what: "quotas",
    state: "doubtful",
    message: `${message}: ask for more under Service Quotas, Lambda, Concurrent executions`,
  };
}
