import {
  memoryAttempts,
  memoryExecutions,
  memoryIdempotencyKeys,
  memoryPayloads,
  memorySlots,
} from "../support/memory-ports.ts";
import { describeAttempts } from "./attempts.ts";
import { describeExecutions } from "./executions.ts";
import { describeIdempotencyKeys } from "./idempotency-keys.ts";
import { describeIndexes } from "./indexes.ts";
import { describePayloads } from "./payloads.ts";
import { describeSlots } from "./slots.ts";

describeExecutions("memory", memoryExecutions);
describeIndexes("memory", () => {
  const executions = memoryExecutions();
  return { executions, indexes: executions.indexes };
});
describeIdempotencyKeys("memory", memoryIdempotencyKeys);
describeAttempts("memory", memoryAttempts);
describePayloads("memory", memoryPayloads);
describeSlots("memory", memorySlots);
