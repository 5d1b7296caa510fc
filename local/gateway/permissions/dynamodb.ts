import { arn } from "../../account.ts";
import { parametersOf } from "../json-body.ts";
import { type Permission, type PermissionsOf, plain } from "./permission.ts";

/** An item in a transaction needs the permission of the single action; a condition check has its own. */
const IN_TRANSACTION: Readonly<Record<string, string>> = {
  Get: "GetItem",
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheckItem",
};

/**
 * Returns the permissions of a call. A batch has an action of its own, on each of its tables; a transaction has none.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
export const dynamodbPermissions: PermissionsOf = (call, request) => {
  const { RequestItems, TransactItems, IndexName } = parametersOf(request);
  if (call.action.startsWith("Transact")) return transactionOf(TransactItems);
  if (call.action.startsWith("Batch")) {
    return Object.keys(RequestItems ?? {}).map((table) => ({ ...plain(call), resource: tableArn(table) }));
  }
  const { action, resource } = plain(call);
  return [{ action, resource: typeof IndexName === "string" ? `${resource}/index/${IndexName}` : resource }];
};

function transactionOf(items: unknown): Permission[] {
  return ((items ?? []) as Record<string, { TableName?: unknown } | undefined>[]).flatMap((item) =>
    Object.entries(item).map(([kind, on]) => ({
      action: `dynamodb:${IN_TRANSACTION[kind] ?? kind}`,
      resource: tableArn(String(on?.TableName)),
    })),
  );
}

function tableArn(table: string): string {
  return table.startsWith("arn:") ? table : arn("dynamodb", `table/${table}`);
}
