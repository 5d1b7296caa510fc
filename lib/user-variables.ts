import { Stack, Token } from "aws-cdk-lib";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import { type ISecret, Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import type { EnvName } from "../lambdas/run/env.ts";
import { OptionError } from "./errors.ts";
import type { FunctionOptions, SecretReference } from "./options.ts";

/** Bytes of a function's environment left to the user: Lambda takes 4 KB, the runner needs the rest. */
const MAX_BYTES = 3_000;

/** Set by Lambda or by the runner for each function, whatever the user says. */
const TAKEN =
  /^(EPOQUE_.*|DEFER_TOKEN|DEFER_ENDPOINT|TZ|_HANDLER|_X_AMZN_TRACE_ID|AWS_(REGION|DEFAULT_REGION|EXECUTION_ENV|ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)|AWS_LAMBDA_.*|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$/;

/** The user's variables, as the runner is told of them. */
export interface UserVariables {
  environment: Record<Extract<EnvName, `EPOQUE_USER_${string}`>, string>;
  /** Lets the runner read the secrets among them. */
  grantRead: (grantee: IGrantable) => void;
}

/**
 * The runner gets the user's variables in two of its own: what they do to the user's process (`NODE_OPTIONS`,
 * `AWS_ENDPOINT_URL`, a proxy), they must not do to the runner. `scope` becomes the parent of imported secrets.
 */
export function userVariables(scope: Construct, options: FunctionOptions): UserVariables {
  const { environment = {}, secrets = {} } = options;
  for (const name of Object.keys({ ...environment, ...secrets })) check(name, environment, secrets);
  const references = Object.entries(secrets).map(([name, reference]) => {
    const { secret, field, id } = resolve(scope, name, reference);
    return { name, secret, entry: { id, ...(field !== undefined && { field }) } };
  });
  const stack = Stack.of(scope);
  const variables = {
    EPOQUE_USER_ENVIRONMENT: stack.toJsonString(environment),
    EPOQUE_USER_SECRETS: stack.toJsonString(Object.fromEntries(references.map(({ name, entry }) => [name, entry]))),
  };
  checkSize(environment, references);
  return {
    environment: variables,
    grantRead(grantee) {
      for (const secret of new Set(references.map((reference) => reference.secret))) secret.grantRead(grantee);
    },
  };
}

/** The options of one function: those of all, and what is different for it. */
export function optionsFor(all: FunctionOptions, own: FunctionOptions = {}): FunctionOptions {
  return {
    ...all,
    ...own,
    environment: { ...all.environment, ...own.environment },
    secrets: { ...all.secrets, ...own.secrets },
  };
}

function check(name: string, environment: object, secrets: object): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new OptionError(
      optionOf(name, secrets),
      `${JSON.stringify(name)} cannot be the name of an environment variable`,
    );
  }
  if (TAKEN.test(name)) {
    throw new OptionError(
      optionOf(name, secrets),
      `the environment variable ${name} is set for every function: leave it out`,
    );
  }
  if (name in environment && name in secrets) {
    throw new OptionError(
      `secrets.${name}`,
      `the environment variable ${name} is in "environment" and in "secrets": leave it out of one`,
    );
  }
}

function optionOf(name: string, secrets: object): string {
  return `${name in secrets ? "secrets" : "environment"}.${name}`;
}

function resolve(scope: Construct, name: string, reference: SecretReference) {
  if (typeof reference !== "string") {
    const { secret, field } = "secret" in reference ? reference : { secret: reference, field: undefined };
    return { secret, field, id: secret.secretArn };
  }
  const { id, field } = parseReference(reference);
  return { secret: imported(scope, name, id), field, id };
}

// As in AWS's own references: behind the seven parts of an ARN, or the name, comes the field of the JSON object.
function parseReference(reference: string): { id: string; field: string | undefined } {
  if (Token.isUnresolved(reference)) return { id: reference, field: undefined };
  const parts = reference.split(":");
  const length = parts[0] === "arn" ? 7 : 1;
  return { id: parts.slice(0, length).join(":"), field: parts[length] || undefined };
}

function imported(scope: Construct, name: string, id: string): ISecret {
  if (Token.isUnresolved(id)) return Secret.fromSecretCompleteArn(scope, `Secret-${name}`, id);
  if (!id.startsWith("arn:")) return Secret.fromSecretNameV2(scope, `Secret-${name}`, id);
  // Without its last six characters an ARN is not the name of one secret, and IAM lets nobody in.
  if (!/^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:.+-[A-Za-z0-9]{6}$/.test(id)) {
    throw new OptionError(
      `secrets.${name}`,
      `the secret of ${name} must be a complete ARN (…:secret:name-AbCdEf) or a name, not ${id}`,
    );
  }
  return Secret.fromSecretCompleteArn(scope, `Secret-${name}`, id);
}

// Values of other resources have their length only when deployed: they count as written here.
function checkSize(environment: object, references: readonly { entry: object; name: string }[]): void {
  const bytes = Buffer.byteLength(JSON.stringify([environment, references.map(({ entry, name }) => [name, entry])]));
  if (bytes <= MAX_BYTES) return;
  throw new OptionError(
    "environment",
    `the environment variables have ${bytes} bytes, and Lambda leaves about ${MAX_BYTES}; ` +
      "set long ones only for the functions that need them (overrides), or let the function read them",
  );
}
