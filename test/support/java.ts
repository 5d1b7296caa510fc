import { execFileSync } from "node:child_process";

export type DynamoDB = "dynalite" | "local";

/** Why tests on this database are skipped, if they are; printed, so that nobody takes them for passed. */
export function reasonToSkip(dynamodb: DynamoDB): string | undefined {
  if (dynamodb === "dynalite") return undefined;
  try {
    if (execFileSync("java", ["--list-modules"], { stdio: "pipe" }).includes("jdk.compiler@")) return undefined;
  } catch {
    // No Java, or one that is too old to list its modules.
  }
  console.warn("skipped on DynamoDB Local: it needs a JDK, version 17 or newer, and there is none");
  return "no JDK";
}
