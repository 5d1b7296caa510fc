import { memoryAttempts, memoryExecutions, memoryPayloads } from "../support/memory-ports.ts";
import { describeAttempts } from "./attempts.ts";
import { describeExecutions } from "./executions.ts";
import { describePayloads } from "./payloads.ts";

describeExecutions("memory", memoryExecutions);
describeAttempts("memory", memoryAttempts);
describePayloads("memory", memoryPayloads);
