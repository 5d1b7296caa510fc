import { memoryExecutions } from "../support/memory-ports.ts";
import { describeExecutions } from "./executions.ts";

describeExecutions("memory", memoryExecutions);
