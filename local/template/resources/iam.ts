import * as z from "zod";
import { iamArn, stableId } from "../../account.ts";
import { managedPolicy } from "./managed-policies.ts";
import { nameFor, type ResourceContext, type ResourceHandler, withoutEffect } from "./resource-handler.ts";
import type { Services } from "./services.ts";

const PolicyDocument = z.record(z.string(), z.unknown());

const RoleProperties = z.strictObject({
  RoleName: z.string().optional(),
  Path: z
    .string()
    .regex(/^\/(\S+\/)?$/)
    .default("/"),
  AssumeRolePolicyDocument: PolicyDocument,
  ManagedPolicyArns: z.array(z.string()).optional(),
  Policies: z.array(z.strictObject({ PolicyName: z.string(), PolicyDocument })).optional(),
  Description: withoutEffect,
  Tags: withoutEffect,
});

/** `AWS::IAM::Role`. */
export function iamRole({ policies }: Services): ResourceHandler<z.infer<typeof RoleProperties>> {
  const put = async (properties: z.infer<typeof RoleProperties>, place: ResourceContext) => {
    const name = properties.RoleName ?? nameFor(place);
    const arn = iamArn(`role${properties.Path}${name}`);
    policies.removeOf(arn, (policy) => !policy.startsWith(ATTACHED));
    policies.put({ kind: "resource", attachedTo: arn, name: "trust", document: properties.AssumeRolePolicyDocument });
    for (const managed of properties.ManagedPolicyArns ?? []) {
      policies.put({ kind: "identity", attachedTo: arn, name: managed, document: managedPolicy(managed) });
    }
    for (const { PolicyName, PolicyDocument } of properties.Policies ?? []) {
      policies.put({ kind: "identity", attachedTo: arn, name: `inline:${PolicyName}`, document: PolicyDocument });
    }
    return { ref: name, attributes: { Arn: arn, RoleId: `AROA${stableId(arn, 17).toUpperCase()}` } };
  };
  return {
    properties: RoleProperties,
    create: put,
    update: (properties, old, place) =>
      properties.RoleName === old.RoleName && properties.Path === old.Path
        ? put(properties, place)
        : Promise.resolve(undefined),
    async remove(_, { attributes }) {
      policies.removeOf(attributes["Arn"] ?? "");
    },
  };
}

/** Prefix of the names of separate policies (`AWS::IAM::Policy`). */
const ATTACHED = "attached:";

const PolicyProperties = z.strictObject({
  PolicyName: z.string(),
  PolicyDocument,
  Roles: z.array(z.string()),
});

/** `AWS::IAM::Policy`: an inline policy of roles. */
export function iamPolicy({ policies }: Services): ResourceHandler<z.infer<typeof PolicyProperties>> {
  type Properties = z.infer<typeof PolicyProperties>;
  // A policy names a role without its path.
  const roleArn = (role: string) => {
    const found = policies.attached.find(
      ({ kind, attachedTo }) => kind === "resource" && attachedTo.endsWith(`/${role}`),
    );
    if (found === undefined) throw new Error(`there is no role ${role}`);
    return found.attachedTo;
  };
  const namesOf = ({ PolicyName, Roles }: Pick<Properties, "PolicyName" | "Roles">) =>
    Roles.map((role) => ({ attachedTo: roleArn(role), name: `${ATTACHED}${PolicyName}` }));
  const put = async ({ PolicyName, PolicyDocument, Roles }: Properties) => {
    for (const { attachedTo, name } of namesOf({ PolicyName, Roles })) {
      policies.put({ kind: "identity", attachedTo, name, document: PolicyDocument });
    }
    return { ref: PolicyName, attributes: {} };
  };
  const remove = (properties: Properties) => {
    for (const { attachedTo, name } of namesOf(properties)) policies.remove({ kind: "identity", attachedTo, name });
  };
  return {
    properties: PolicyProperties,
    create: put,
    async update(properties, old) {
      remove(old);
      return put(properties);
    },
    async remove(properties) {
      remove(properties);
    },
  };
}
