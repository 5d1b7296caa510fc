import { randomInt } from "node:crypto";

/** Properties of `GenerateSecretString` of a template, with the defaults of Secrets Manager. */
export interface SecretTextOptions {
  PasswordLength?: number | undefined;
  ExcludeCharacters?: string | undefined;
  ExcludeLowercase?: boolean | undefined;
  ExcludeUppercase?: boolean | undefined;
  ExcludeNumbers?: boolean | undefined;
  ExcludePunctuation?: boolean | undefined;
  IncludeSpace?: boolean | undefined;
  RequireEachIncludedType?: boolean | undefined;
  SecretStringTemplate?: string | undefined;
  GenerateStringKey?: string | undefined;
}

/** Returns a random password, or the JSON template with the password under its key. */
export function generateSecretText(options: SecretTextOptions): string {
  const { SecretStringTemplate, GenerateStringKey } = options;
  const password = generatePassword(options);
  if (SecretStringTemplate === undefined) return password;
  if (GenerateStringKey === undefined) throw new Error("SecretStringTemplate needs GenerateStringKey");
  return JSON.stringify({ ...(JSON.parse(SecretStringTemplate) as object), [GenerateStringKey]: password });
}

function generatePassword(options: SecretTextOptions): string {
  const { PasswordLength = 32, ExcludeCharacters = "", RequireEachIncludedType = true } = options;
  const excluded = new Set(ExcludeCharacters);
  const types = [
    options.ExcludeLowercase ? "" : "abcdefghijklmnopqrstuvwxyz",
    options.ExcludeUppercase ? "" : "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    options.ExcludeNumbers ? "" : "0123456789",
    options.ExcludePunctuation ? "" : "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
    options.IncludeSpace ? " " : "",
  ]
    .map((characters) => [...characters].filter((character) => !excluded.has(character)))
    .filter((characters) => characters.length > 0);
  if (types.length === 0) throw new Error("GenerateSecretString excludes all characters");
  const characters = Array.from({ length: PasswordLength }, () => pick(types.flat()));
  const isComplete = types.every((type) => characters.some((character) => type.includes(character)));
  if (isComplete || !RequireEachIncludedType || PasswordLength < types.length) return characters.join("");
  return generatePassword(options);
}

function pick(characters: string[]): string {
  return characters[randomInt(characters.length)] as string;
}
