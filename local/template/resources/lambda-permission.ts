import * as z from "zod";
import { arn } from "../../account.ts";
import { nameFor, type ResourceContext, type ResourceHandler } from "./resource-handler.ts";
import type { Services } from "./services.ts";

const Properties = z.strictObject({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
});

/** `AWS::Lambda::Permission`: a statement of the function's resource policy. */
export function lambdaPermission({ policies }: Services): ResourceHandler<z.infer<typeof Properties>> {
  type Permission = z.infer<typeof Properties>;
  const guarded = ({ FunctionName }: Permission) => arn("lambda", `function:${FunctionName.split(":").at(-1)}`);
  const nameOf = (permission: Permission, place: ResourceContext) =>
    ({ kind: "resource", attachedTo: guarded(permission), name: nameFor(place) }) as const;
  const attach = async (permission: Permission, place: ResourceContext) => {
    const Sid = nameFor(place);
    const { Action, Principal, SourceArn, SourceAccount } = permission;
    const document = {
      Version: "2012-10-17",
      Statement: [
        {
          Sid,
          Effect: "Allow",
          Action,
          Principal: { Service: Principal },
          Resource: guarded(permission),
          Condition: {
            ...(SourceArn !== undefined && { ArnLike: { "AWS:SourceArn": SourceArn } }),
            ...(SourceAccount !== undefined && { StringEquals: { "AWS:SourceAccount": SourceAccount } }),
          },
        },
      ],
    };
    policies.put({ ...nameOf(permission, place), document });
    return { ref: Sid, attributes: { Id: Sid } };
  };
  return {
    properties: Properties,
    create: attach,
    async update(permission, old, place) {
      policies.remove(nameOf(old, place));
      return attach(permission, place);
    },
    async remove(permission, _, place) {
      policies.remove(nameOf(permission, place));
    },
  };
}
