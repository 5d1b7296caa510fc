import {
  memoryAttempts,
  memoryDebounces,
  memoryExecutions,
  memoryIdempotencyKeys,
  memoryPayloads,
} from "../../harness/memory/memory-executions.ts";
import { memoryFailures } from "../../harness/memory/memory-failures.ts";
import { memoryJobs } from "../../harness/memory/memory-jobs.ts";
import { memoryLanes, memoryPauses, memoryRates } from "../../harness/memory/memory-lanes.ts";
import { memoryTasks } from "../../harness/memory/memory-ports.ts";
import { memoryDeadLetters } from "../../harness/memory/memory-queues.ts";
import { memorySchedules } from "../../harness/memory/memory-schedules.ts";
import { memoryConsoleCodes, memoryNamedTokens } from "../../harness/memory/memory-tokens.ts";
import { parseDue } from "../../lambdas/aws/sqs-handler.ts";
import { describeAttempts } from "./attempts.ts";
import { describeConsoleCodes } from "./console-codes.ts";
import { describeDeadLetters } from "./dead-letters.ts";
import { describeDebounces } from "./debounces.ts";
import { describeExecutions } from "./executions.ts";
import { describeFailures } from "./failures.ts";
import { describeIdempotencyKeys } from "./idempotency-keys.ts";
import { describeIndexes } from "./indexes.ts";
import { describeJobs } from "./jobs.ts";
import { describeLanes } from "./lanes.ts";
import { describeNamedTokens } from "./named-tokens.ts";
import { describePauses } from "./pauses.ts";
import { describePayloads } from "./payloads.ts";
import { describeRates } from "./rates.ts";
import { describeSchedules } from "./schedules.ts";
import { describeTasks } from "./tasks.ts";

describeExecutions("memory", memoryExecutions);
describeIndexes("memory", () => {
  const executions = memoryExecutions();
  return { executions, indexes: executions.indexes };
});
describeDeadLetters("memory", () => {
  const letters = memoryDeadLetters();
  const put = async (text: string) => {
    const message = parseDue(text);
    if (message !== undefined) letters.letters.push(message);
  };
  return { letters, put };
});
describeIdempotencyKeys("memory", memoryIdempotencyKeys);
describeConsoleCodes("memory", memoryConsoleCodes);
describeAttempts("memory", memoryAttempts);
describePayloads("memory", memoryPayloads);
describeDebounces("memory", memoryDebounces);
describeFailures("memory", () => {
  const failures = memoryFailures();
  return { counter: failures, groups: failures };
});
describeJobs("memory", memoryJobs);
describeLanes("memory", memoryLanes);
describeRates("memory", memoryRates);
describeNamedTokens("memory", memoryNamedTokens);
describePauses("memory", memoryPauses);
describeSchedules("memory", memorySchedules);
describeTasks("memory", "onFargate", () => {
  const tasks = memoryTasks();
  return { tasks, stop: async (task) => tasks.stop(task, { reason: "lost", why: "it was stopped" }) };
});
