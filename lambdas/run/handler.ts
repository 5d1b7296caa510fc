import { Due, messageHandler } from "../aws/sqs-handler.ts";
import { Env } from "./env.ts";
import { createRunner } from "./runner.ts";

const env = Env.parse(process.env);
const runner = createRunner({
  env,
  processEnv: process.env,
  memoryMegabytes: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  logStream: env.AWS_LAMBDA_LOG_STREAM_NAME,
});

export const handler = messageHandler(Due, runner, runner.run);
