import { arn } from "../account.ts";
import { parametersOf } from "./json-body.ts";
import type { GatewayRequest } from "./messages.ts";

interface Route {
  action: string;
  method: string;
  path: RegExp;
  resource?: (name: string, request: GatewayRequest) => string | undefined;
}

/** Returns action and resource of a request to a REST service, `undefined` for other services. */
export function restCall(
  service: string,
  request: GatewayRequest,
): { action: string; resource: string | undefined } | undefined {
  const routes = services[service];
  if (routes === undefined) return undefined;
  const path = request.url.split("?", 1)[0] ?? "";
  const route = routes.find((it) => it.method === request.method && it.path.test(path));
  if (route === undefined) return { action: `${request.method} ${path}`, resource: undefined };
  const name = decode(route.path.exec(path)?.[1] ?? "");
  return { action: route.action, resource: route.resource?.(name, request) };
}

const schedule = (name: string, request: GatewayRequest) => arn("scheduler", `schedule/${groupOf(request)}/${name}`);
const group = (name: string) => arn("scheduler", `schedule-group/${name}`);
const itself = (name: string) => name;
const ofSchedule = { path: /^\/schedules\/([^/]+)$/, resource: schedule };
const ofGroup = { path: /^\/schedule-groups\/([^/]+)$/, resource: group };
const ofTags = { path: /^\/tags\/(.+)$/, resource: itself };

// From the `http` traits of the services' API models.
const services: Record<string, readonly Route[]> = {
  scheduler: [
    { action: "CreateSchedule", method: "POST", ...ofSchedule },
    { action: "GetSchedule", method: "GET", ...ofSchedule },
    { action: "UpdateSchedule", method: "PUT", ...ofSchedule },
    { action: "DeleteSchedule", method: "DELETE", ...ofSchedule },
    { action: "ListSchedules", method: "GET", path: /^\/schedules$/ },
    { action: "CreateScheduleGroup", method: "POST", ...ofGroup },
    { action: "GetScheduleGroup", method: "GET", ...ofGroup },
    { action: "DeleteScheduleGroup", method: "DELETE", ...ofGroup },
    { action: "ListScheduleGroups", method: "GET", path: /^\/schedule-groups$/ },
    { action: "ListTagsForResource", method: "GET", ...ofTags },
    { action: "TagResource", method: "POST", ...ofTags },
    { action: "UntagResource", method: "DELETE", ...ofTags },
  ],
  lambda: [
    {
      action: "InvokeFunction",
      method: "POST",
      path: /^\/2015-03-31\/functions\/([^/]+)\/invocations$/,
      resource: (name) => (name.startsWith("arn:") ? name : arn("lambda", `function:${name}`)),
    },
  ],
};

/** Returns the schedule group: it is in the query of requests without a body. */
function groupOf(request: GatewayRequest): string {
  const inQuery = new URL(request.url, "http://gateway").searchParams.get("groupName");
  if (inQuery !== null) return inQuery;
  const { GroupName } = parametersOf(request);
  return typeof GroupName === "string" ? GroupName : "default";
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
