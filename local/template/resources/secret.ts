import * as z from "zod";
import { secretArn } from "../../account.ts";
import { generateSecretText } from "../../services/secret-text.ts";
import { nameFor, type ResourceContext, type ResourceHandler, withoutEffect } from "./resource-handler.ts";
import type { Services } from "./services.ts";

const Properties = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  SecretString: z.string().optional(),
  GenerateSecretString: z
    .strictObject({
      PasswordLength: z.number().int().min(1).max(4096).optional(),
      ExcludeCharacters: z.string().optional(),
      ExcludeLowercase: z.boolean().optional(),
      ExcludeUppercase: z.boolean().optional(),
      ExcludeNumbers: z.boolean().optional(),
      ExcludePunctuation: z.boolean().optional(),
      IncludeSpace: z.boolean().optional(),
      RequireEachIncludedType: z.boolean().optional(),
      SecretStringTemplate: z.string().optional(),
      GenerateStringKey: z.string().optional(),
    })
    .optional(),
  KmsKeyId: withoutEffect,
  Tags: withoutEffect,
});

/** `AWS::SecretsManager::Secret`. A secret from the data directory keeps its value. */
export function secret({ secrets }: Services): ResourceHandler<z.infer<typeof Properties>> {
  return {
    properties: Properties,
    async create({ Name, Description, SecretString, GenerateSecretString }, place) {
      const { name, arn, made } = identify(Name, place);
      if (secrets.find(arn) === undefined) {
        secrets.create(arn, name, Description, SecretString ?? generateSecretText(GenerateSecretString ?? {}));
      }
      return made;
    },
    async update(properties, old, place) {
      const { arn, made } = identify(properties.Name, place);
      const kept = secrets.find(arn);
      const isSameValue =
        properties.SecretString === old.SecretString &&
        JSON.stringify(properties.GenerateSecretString) === JSON.stringify(old.GenerateSecretString);
      if (kept === undefined || properties.Name !== old.Name || !isSameValue) return undefined;
      secrets.describe(kept, properties.Description);
      return made;
    },
    async remove(_, { ref }) {
      secrets.remove(ref);
    },
  };
}

function identify(givenName: string | undefined, place: ResourceContext) {
  const name = givenName ?? nameFor(place, 255);
  const arn = secretArn(name);
  return { name, arn, made: { ref: arn, attributes: { Id: arn } } };
}
