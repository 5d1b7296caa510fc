import * as z from "zod";
import { iamArn, stableId } from "../identity.ts";
import { type Kind, nameFor, type Place, withoutEffect } from "../kind.ts";
import type { Services } from "../services.ts";

const PolicyDocument = z.record(z.string(), z.unknown());

const RoleProperties = z.strictObject({
  RoleName: z.string().optional(),
  AssumeRolePolicyDocument: PolicyDocument,
  ManagedPolicyArns: z.array(z.string()).optional(),
  Policies: z.array(z.strictObject({ PolicyName: z.string(), PolicyDocument })).optional(),
  Description: withoutEffect,
  Tags: withoutEffect,
});

/** `AWS::IAM::Role`. */
export function iamRole({ policies }: Services): Kind<z.infer<typeof RoleProperties>> {
  const put = async (properties: z.infer<typeof RoleProperties>, place: Place) => {
    const name = properties.RoleName ?? nameFor(place);
    const arn = iamArn(`role/${name}`);
    const inline = (properties.Policies ?? []).map(
      ({ PolicyName, PolicyDocument }) => [`inline:${PolicyName}`, PolicyDocument] as const,
    );
    const attached = [...(policies.roles.get(arn)?.documents ?? [])].filter(([id]) => !id.startsWith("inline:"));
    policies.roles.set(arn, {
      arn,
      name,
      trust: properties.AssumeRolePolicyDocument,
      managedPolicyArns: properties.ManagedPolicyArns ?? [],
      documents: new Map([...attached, ...inline]),
    });
    return { ref: name, attributes: { Arn: arn, RoleId: `AROA${stableId(arn, 17).toUpperCase()}` } };
  };
  return {
    properties: RoleProperties,
    create: put,
    update: (properties, old, place) =>
      properties.RoleName === old.RoleName ? put(properties, place) : Promise.resolve(undefined),
    async remove(_, { attributes }) {
      policies.roles.delete(attributes["Arn"] ?? "");
    },
  };
}

const PolicyProperties = z.strictObject({
  PolicyName: z.string(),
  PolicyDocument,
  Roles: z.array(z.string()),
});

/** `AWS::IAM::Policy`: an inline policy of roles. */
export function iamPolicy({ policies }: Services): Kind<z.infer<typeof PolicyProperties>> {
  type Properties = z.infer<typeof PolicyProperties>;
  const attach = async ({ PolicyName, PolicyDocument, Roles }: Properties) => {
    for (const name of Roles) {
      const role = policies.roleByName(name);
      if (role === undefined) throw new Error(`there is no role ${name}`);
      role.documents.set(PolicyName, PolicyDocument);
    }
    return { ref: PolicyName, attributes: {} };
  };
  const detach = ({ PolicyName, Roles }: Properties) => {
    for (const name of Roles) policies.roleByName(name)?.documents.delete(PolicyName);
  };
  return {
    properties: PolicyProperties,
    create: attach,
    async update(properties, old) {
      detach(old);
      return attach(properties);
    },
    async remove(properties) {
      detach(properties);
    },
  };
}
