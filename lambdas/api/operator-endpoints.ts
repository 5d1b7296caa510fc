import type { ApiPorts, OperatorRoute } from "./api.ts";
import type { Endpoint } from "./endpoint.ts";
import { getSession } from "./endpoints/console/get-session.ts";
import { postCode } from "./endpoints/console/post-code.ts";
import { postSession } from "./endpoints/console/post-session.ts";
import { listFailures } from "./endpoints/failures/list-failures.ts";
import { postResolution } from "./endpoints/failures/post-resolution.ts";
import { getAlarms } from "./endpoints/get-alarms.ts";
import { getFunction } from "./endpoints/get-function.ts";
import { getOpenapi } from "./endpoints/get-openapi.ts";
import { getTimeline } from "./endpoints/get-timeline.ts";
import { getBulk } from "./endpoints/jobs/get-bulk.ts";
import { listBulk } from "./endpoints/jobs/list-bulk.ts";
import { postBulk } from "./endpoints/jobs/post-bulk.ts";
import { stopBulk } from "./endpoints/jobs/stop-bulk.ts";
import { listFunctions } from "./endpoints/list-functions.ts";
import { postPause } from "./endpoints/post-pause.ts";
import { postResume } from "./endpoints/post-resume.ts";
import { deleteSchedule } from "./endpoints/schedules/delete-schedule.ts";
import { getNextTicks } from "./endpoints/schedules/get-next-ticks.ts";
import { getSchedule } from "./endpoints/schedules/get-schedule.ts";
import { listSchedules } from "./endpoints/schedules/list-schedules.ts";
import { pauseSchedule } from "./endpoints/schedules/pause-schedule.ts";
import { postScheduleRun } from "./endpoints/schedules/post-schedule-run.ts";
import { putSchedule } from "./endpoints/schedules/put-schedule.ts";
import { deleteToken } from "./endpoints/tokens/delete-token.ts";
import { listTokens } from "./endpoints/tokens/list-tokens.ts";
import { postToken } from "./endpoints/tokens/post-token.ts";
import { cancelV1 } from "./endpoints/v1/cancel.ts";
import { enqueueV1 } from "./endpoints/v1/enqueue.ts";
import { getExecutionV1 } from "./endpoints/v1/get-execution.ts";
import { getTriesV1 } from "./endpoints/v1/get-tries.ts";
import { rescheduleV1 } from "./endpoints/v1/reschedule.ts";

/** The endpoints of operators and tools, which are loaded with the first that is called. */
export function operatorEndpoints(ports: ApiPorts): Record<OperatorRoute, Endpoint> {
  return {
    getOpenapi: getOpenapi(ports.readOpenapi),
    getTimeline: getTimeline(ports),
    postPause: postPause(ports),
    postResume: postResume(ports),
    listFunctions: listFunctions(ports),
    getFunction: getFunction(ports),
    getSchedules: listSchedules(ports),
    putSchedule: putSchedule(ports),
    getSchedule: getSchedule(ports),
    deleteSchedule: deleteSchedule(ports),
    pauseSchedule: pauseSchedule(ports, true),
    resumeSchedule: pauseSchedule(ports, false),
    runSchedule: postScheduleRun(ports),
    getNextTicks: getNextTicks(ports),
    getConsoleSession: getSession(),
    postConsoleCode: postCode(ports),
    postConsoleSession: postSession(ports),
    listFailures: listFailures(ports),
    postResolution: postResolution(ports),
    postBulk: postBulk(ports),
    listBulk: listBulk(ports),
    getBulk: getBulk(ports),
    stopBulk: stopBulk(ports),
    enqueueV1: enqueueV1(ports),
    getExecutionV1: getExecutionV1(ports),
    getTriesV1: getTriesV1(ports),
    cancelV1: cancelV1(ports),
    getAlarms: getAlarms(ports),
    listTokens: listTokens(ports),
    createToken: postToken(ports),
    deleteToken: deleteToken(ports),
    rescheduleV1: rescheduleV1(ports),
    patchScheduleV1: rescheduleV1(ports),
    enqueueOldV1: enqueueV1(ports),
    getExecutionOldV1: getExecutionV1(ports),
  };
}
