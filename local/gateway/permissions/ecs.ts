import { arn } from "../../account.ts";
import { parametersOf } from "../json-body.ts";
import { type PermissionsOf, plain } from "./permission.ts";

/** Finds a task definition by what a request calls it. */
export type FindTaskDefinition = (
  name: string,
) => { arn: string; taskRoleArn: string; executionRoleArn: string } | undefined;

/**
 * Returns what tells the permissions of calls of ECS. Who runs a task passes its roles on. A definition is resolved to
 * its revision first, as in AWS since 2024.
 */
export function ecsPermissions(find: FindTaskDefinition): PermissionsOf {
  return (call, request) => {
    const { cluster, taskDefinition } = parametersOf(request);
    const name = String(cluster).split("/").at(-1) ?? "";
    const permission = { ...plain(call), context: { "ecs:cluster": arn("ecs", `cluster/${name}`) } };
    const definition = find(String(taskDefinition));
    if (call.action !== "RunTask" || definition === undefined) return [permission];
    const pass = (resource: string) => ({
      action: "iam:PassRole",
      resource,
      context: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
    });
    return [
      { ...permission, resource: definition.arn },
      pass(definition.taskRoleArn),
      pass(definition.executionRoleArn),
    ];
  };
}
