import { ACCOUNT, iamArn, PARTITION } from "../account.ts";
import type { Caller } from "./access-keys.ts";

/** Returns the ARN of a caller: of the session, where a role was assumed. */
export function callerArn(caller: Caller): string {
  if (caller.kind === "operator") return iamArn("user/operator");
  const session = caller.kind === "function" ? caller.functionName : caller.service.split(".", 1)[0];
  return `arn:${PARTITION}:sts::${ACCOUNT}:assumed-role/${caller.roleArn.split("/").at(-1)}/${session}`;
}
