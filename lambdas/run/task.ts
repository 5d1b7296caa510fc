import { systemClock } from "../aws/system-clock.ts";
import { parseLaunch } from "../aws/task-launch.ts";
import { findTaskArn } from "../aws/task-metadata.ts";
import { TaskEnv } from "./env.ts";
import { laneWork } from "./lane-work.ts";
import { createRunner } from "./runner.ts";

// The main program of a task on Fargate: runs the execution that it was launched for, then what waits in its lane.

/** How long user code may go on after ECS has told the task to stop. ECS kills it after 120 s. */
const SHUTDOWN_MS = 90_000;

const env = TaskEnv.parse(process.env);
const shutdown = new AbortController();
let isStopping = false;
process.once("SIGTERM", () => {
  isStopping = true;
  setTimeout(() => shutdown.abort(), SHUTDOWN_MS).unref();
});

const task = await findTaskArn(env.ECS_CONTAINER_METADATA_URI_V4, systemClock.sleep);
const work = laneWork({ now: Date.now, isStopping: () => isStopping });
const { run } = createRunner({
  env,
  processEnv: process.env,
  memoryMegabytes: env.EPOQUE_MEMORY,
  task,
  takeOver: work.takeOver,
});
const delivery = {
  deadlineMs: Infinity,
  hold: async () => {},
  requestId: task.split("/").at(-1) ?? task,
  shutdown: shutdown.signal,
};
const { executionId, revision, functionName } = parseLaunch(env.EPOQUE_LAUNCH);
const first = { executionId, revision, functionName, scheduledAtMs: Date.now() };
await work.runAll(first, (message) => run(message, delivery));
// A warm process of user code keeps this one alive.
process.exit();
