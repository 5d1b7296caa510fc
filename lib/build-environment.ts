import { Token } from "aws-cdk-lib";
import { placeholderFor, type UserEnvironment } from "../builder/load-environment.ts";
import type { EpoqueProps, FunctionOptions } from "./options.ts";

/**
 * Returns the functions' environment variables as the build can know them: secrets, and values that come from other
 * resources, are placeholders.
 */
export function buildEnvironment({
  overrides = {},
  ...all
}: FunctionOptions & Pick<EpoqueProps, "overrides">): UserEnvironment {
  return {
    all: variablesOf(all),
    overrides: Object.fromEntries(
      Object.entries(overrides)
        .map(([name, own]) => [name, variablesOf(own)] as const)
        .filter(([, own]) => Object.keys(own).length > 0),
    ),
  };
}

function variablesOf({ environment = {}, secrets = {} }: FunctionOptions): Record<string, string> {
  const known = Object.entries(environment).map(([name, value]) => [
    name,
    Token.isUnresolved(value) ? placeholderFor(name) : value,
  ]);
  return Object.fromEntries([...known, ...Object.keys(secrets).map((name) => [name, placeholderFor(name)])]);
}
