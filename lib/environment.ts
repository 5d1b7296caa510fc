import type { Construct } from "constructs";
import type { common, NamesIn } from "../lambdas/env/variables.ts";
import { metricNamespace } from "./naming.ts";
import type { Storage } from "./storage.ts";

/** Returns the variables of every Lambda. */
export function commonEnvironment(
  scope: Construct,
  { storage, shards }: { storage: Storage; shards: number },
): Record<NamesIn<typeof common>, string> {
  return {
    EPOQUE_EXECUTIONS_TABLE: storage.executions.tableName,
    EPOQUE_ATTEMPTS_TABLE: storage.attempts.tableName,
    EPOQUE_PAYLOAD_BUCKET: storage.payloads.bucketName,
    EPOQUE_NAMESPACE: metricNamespace(scope),
    EPOQUE_RETENTION_DAYS: String(storage.retentionDays),
    EPOQUE_SHARDS: String(shards),
  };
}
