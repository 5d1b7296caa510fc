import { execFileSync } from "node:child_process";

export type DynamoDB = "dynalite" | "local";

/** Why tests on this database are skipped, if they are; printed, so that nobody takes them for passed. */
export function reasonToSkip(dynamodb: DynamoDB): string | undefined {
  if (dynamodb === "dynalite") return undefined;
  try {
    execFileSync("java", ["-version"], { stdio: "ignore" });
    return undefined;
  } catch {
    console.warn("skipped on DynamoDB Local: it needs a Java 17 runtime, and there is none");
    return "no Java";
  }
}
