import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { hastyDocumentClient, secretsClient } from "../aws/clients.ts";
import { dynamoFailureCounter } from "../aws/dynamodb/failure-counter.ts";
import { dynamoLanes } from "../aws/dynamodb/lanes.ts";
import { dynamoPauses } from "../aws/dynamodb/pauses.ts";
import { dynamoRates } from "../aws/dynamodb/rates.ts";
import { writeLogLine } from "../aws/log.ts";
import { secretVariables } from "../aws/secret-variables.ts";
import { sharedPorts } from "../aws/shared-ports.ts";
import { systemClock as clock } from "../aws/system-clock.ts";
import { type DeployedFunction, functionCatalog } from "../core/functions.ts";
import type { DueMessage } from "../core/ports.ts";
import { type RunnerEnv, userEnvironment } from "./env.ts";
import { liveEnvironment } from "./live-environment.ts";
import { type Delivery, type RunPorts, runDue } from "./run-due.ts";
import { supervisor } from "./supervisor.ts";

/** The runner's own heap, and what Node needs beside the heap, in MB: the rest is for the user's code. */
const RESERVED_MEGABYTES = 256;

export interface RunnerOptions extends Pick<RunPorts, "task" | "takeOver" | "logStream"> {
  env: RunnerEnv;
  /** The environment that user code gets a part of. */
  processEnv: NodeJS.ProcessEnv;
  memoryMegabytes: number;
}

/** The runner of the function beside this file, over AWS: on Lambda and in a task alike. */
export function createRunner({ env, processEnv, memoryMegabytes, ...inTask }: RunnerOptions) {
  const { dynamodb, sqs, table, log, payloads, ports } = sharedPorts(env);
  const { deployed, maxDurationSeconds, fresh } = readFunction();
  const environment = liveEnvironment(
    userEnvironment(processEnv, env.EPOQUE_USER_ENVIRONMENT),
    secretVariables(secretsClient, env.EPOQUE_USER_SECRETS, clock),
  );
  const userCode = supervisor(
    {
      environment: environment.current,
      fresh,
      heapMegabytes: Math.max(64, memoryMegabytes - RESERVED_MEGABYTES),
    },
    clock,
  );
  const run = runDue({
    ...ports,
    functions: functionCatalog([deployed]),
    payloads,
    failureCounter: dynamoFailureCounter(hastyDocumentClient, table),
    lanes: dynamoLanes(dynamodb, table, clock),
    rates: dynamoRates(dynamodb, table.tableName),
    pauses: dynamoPauses(dynamodb, table.tableName, clock),
    bundle: fileURLToPath(new URL("function.mjs", import.meta.url)),
    endpoint: env.EPOQUE_ENDPOINT,
    maxDurationSeconds,
    random: Math.random,
    run: userCode.run,
    writeLine: writeLogLine,
    log,
    ...inTask,
  });
  return {
    sqs,
    log,
    async run(message: DueMessage, delivery: Delivery): Promise<void> {
      // Before anything is claimed: where a secret cannot be read nothing has begun, and the message comes again.
      await environment.refresh();
      // Beside the claim: a new process takes longer than that.
      userCode.prepare();
      await run(message, delivery);
    },
  };
}

// The build lays the function's manifest beside the bundles.
function readFunction() {
  const file = readFileSync(new URL("function.json", import.meta.url), "utf-8");
  const deployed = JSON.parse(file) as DeployedFunction & { maxDurationSeconds: number; fresh: boolean };
  return { deployed, maxDurationSeconds: deployed.maxDurationSeconds, fresh: deployed.fresh };
}
