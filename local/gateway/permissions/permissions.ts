import { alarmArn, eventBusArn, secretArn } from "../../account.ts";
import { parametersOf } from "../json-body.ts";
import { dynamodbPermissions, type PartitionKeyOf } from "./dynamodb.ts";
import { ecsPermissions, type FindTaskDefinition } from "./ecs.ts";
import { type PermissionsOf, plain } from "./permission.ts";
import { s3Permissions } from "./s3.ts";

/** Returns what tells the permissions that a call needs. It throws an AwsFailure for an unsupported call. */
export function permissionsWith(
  partitionKeyOf: PartitionKeyOf,
  findTaskDefinition: FindTaskDefinition = () => undefined,
): PermissionsOf {
  const all: Readonly<Record<string, PermissionsOf>> = {
    ...services,
    dynamodb: dynamodbPermissions(partitionKeyOf),
    ecs: ecsPermissions(findTaskDefinition),
  };
  return (call, request) => {
    const ofService = all[call.service];
    return ofService === undefined ? [plain(call)] : ofService(call, request);
  };
}

const services: Readonly<Record<string, PermissionsOf>> = {
  s3: s3Permissions,

  // On each bus of the entries.
  events(call, request) {
    const { Entries } = parametersOf(request) as { Entries?: { EventBusName?: unknown }[] };
    const buses = new Set(Entries?.map(({ EventBusName }) => String(EventBusName)));
    return [...buses].map((bus) => plain({ ...call, resource: eventBusArn(bus) }));
  },

  // On each alarm that is named.
  monitoring(call, request) {
    const { AlarmNames = ["*"] } = parametersOf(request) as { AlarmNames?: unknown[] };
    return AlarmNames.map((name) => plain({ ...call, service: "cloudwatch", resource: alarmArn(String(name)) }));
  },

  // Many at once need a permission for that and, on each, that of the single action.
  secretsmanager(call, request) {
    if (call.action !== "BatchGetSecretValue") return [plain(call)];
    const { SecretIdList = [] } = parametersOf(request) as { SecretIdList?: unknown[] };
    const resources = SecretIdList.map(String).map((id) => (id.startsWith("arn:") ? id : secretArn(id)));
    return [plain(call), ...resources.map((resource) => plain({ ...call, action: "GetSecretValue", resource }))];
  },

  // A batch needs the permission of the single action.
  sqs: (call) => [plain({ ...call, action: call.action.replace(/Batch$/, "") })],

  // Passing a role to Scheduler needs a permission too.
  scheduler(call, request) {
    if (call.action !== "CreateSchedule" && call.action !== "UpdateSchedule") return [plain(call)];
    const { Target } = parametersOf(request) as { Target?: { RoleArn?: unknown } };
    const context = { "iam:PassedToService": "scheduler.amazonaws.com" };
    return [plain(call), { action: "iam:PassRole", resource: String(Target?.RoleArn), context }];
  },
};
