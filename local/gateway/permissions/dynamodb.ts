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

/** Names the partition key of a table, by its ARN. */
export type PartitionKeyOf = (table: string) => string | undefined;

type Attributes = Record<string, Record<string, string> | undefined>;

/** Items that a call, or a part of one, refers to. */
interface OnItems {
  TableName?: string;
  IndexName?: string;
  Key?: Attributes;
  Item?: Attributes;
  Keys?: Attributes[];
  KeyConditionExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Attributes;
}

/**
 * Returns the permissions of a call. A batch has an action of its own, on each of its tables; a transaction has none.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
export function dynamodbPermissions(partitionKeyOf: PartitionKeyOf): PermissionsOf {
  const permission = (action: string, table: string, items: OnItems[]): Permission => {
    const resource = tableArn(table);
    const index = items[0]?.IndexName;
    const keys = index === undefined ? leadingKeys(partitionKeyOf(resource), items) : undefined;
    return {
      action: `dynamodb:${action}`,
      resource: index === undefined ? resource : `${resource}/index/${index}`,
      ...(keys && { context: { "dynamodb:LeadingKeys": keys } }),
    };
  };
  return (call, request) => {
    const { RequestItems, TransactItems, ...rest } = parametersOf(request);
    if (call.action.startsWith("Transact")) {
      return ((TransactItems ?? []) as Record<string, OnItems>[]).flatMap((item) =>
        Object.entries(item).map(([kind, on]) => permission(IN_TRANSACTION[kind] ?? kind, String(on.TableName), [on])),
      );
    }
    if (call.action.startsWith("Batch")) {
      return Object.entries((RequestItems ?? {}) as Record<string, OnItems | Record<string, OnItems>[]>).map(
        ([table, items]) =>
          permission(call.action, table, Array.isArray(items) ? items.flatMap((one) => Object.values(one)) : [items]),
      );
    }
    const on = rest as OnItems;
    return typeof on.TableName === "string" ? [permission(call.action, on.TableName, [on])] : [plain(call)];
  };
}

/** Partition keys that are named; `undefined` where one is not, as in a scan. */
function leadingKeys(partitionKey: string | undefined, items: readonly OnItems[]): string[] | undefined {
  if (partitionKey === undefined) return undefined;
  const values = items.flatMap((on) => {
    const attributes = on.Keys ?? [on.Key ?? on.Item ?? queried(partitionKey, on)];
    return attributes.map((each) => Object.values(each?.[partitionKey] ?? {})[0]);
  });
  return values.every((value) => value !== undefined) ? values : undefined;
}

/** Partition of a query on a table: the expression compares its key with a value. */
function queried(
  partitionKey: string,
  { KeyConditionExpression = "", ExpressionAttributeNames = {}, ExpressionAttributeValues = {} }: OnItems,
): Attributes {
  for (const [, name = "", value = ""] of KeyConditionExpression.matchAll(/([#\w]+)\s*=\s*(:\w+)/g)) {
    if ((ExpressionAttributeNames[name] ?? name) === partitionKey) {
      return { [partitionKey]: ExpressionAttributeValues[value] };
    }
  }
  return {};
}

function tableArn(table: string): string {
  return table.startsWith("arn:") ? table : arn("dynamodb", `table/${table}`);
}
