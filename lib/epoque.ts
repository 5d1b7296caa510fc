import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Annotations } from "aws-cdk-lib";
import type { IDomainName } from "aws-cdk-lib/aws-apigatewayv2";
import type { EventBus } from "aws-cdk-lib/aws-events";
import type { IRole } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import type { LambdaCode } from "../builder/build-code.ts";
import { buildInChild } from "../builder/build-in-child.ts";
import type { UserEnvironment } from "../builder/load-environment.ts";
import { buildEnvironment } from "./build-environment.ts";
import { UnknownFunctionError } from "./errors.ts";
import { setNamePrefix } from "./naming.ts";
import type { EpoqueProps } from "./options.ts";
import { addStatelessResources } from "./stateless.ts";
import { Storage } from "./storage.ts";

export { type BuildProblem, FunctionBuildError } from "../builder/build-errors.ts";
export { OptionError, UnknownFunctionError } from "./errors.ts";
export type {
  DomainOptions,
  EpoqueProps,
  FunctionOptions,
  ReservedConcurrency,
  SecretReference,
  ThrottlingOptions,
} from "./options.ts";

/**
 * Background functions in a stack of one's own:
 *
 * ```ts
 * const jobs = new Epoque(this, "Jobs", { functions: "src/defer" });
 * bucket.grantReadWrite(jobs.function("importContacts"));
 * ```
 *
 * The functions are built while it is constructed. Tables, payloads and secrets stay when it is removed: see
 * docs/operations.md.
 *
 * @throws FunctionBuildError if functions cannot be built; OptionError for an option that cannot be used
 */
export class Epoque extends Construct {
  /** `DEFER_ENDPOINT`: `https://…`, without a slash at its end. */
  readonly endpoint: string;

  /** The secret that holds `DEFER_TOKEN`. What calls the functions must be let read it: `apiToken.grantRead(…)`. */
  readonly apiToken: Secret;

  /** For the DNS record, where `domain` was given: an alias to its `regionalDomainName`. */
  readonly domainName: IDomainName | undefined;

  /** Bus to which state changes are published, if `events` is switched on: for rules of one's own. */
  readonly eventBus: EventBus | undefined;

  readonly #functions: ReadonlyMap<string, IFunction>;
  readonly #roles: ReadonlyMap<string, IRole>;

  constructor(scope: Construct, id: string, props: EpoqueProps) {
    super(scope, id);
    const { functions: folder, name, retentionDays, console: hasConsole = true, ...options } = props;
    setNamePrefix(this, name);
    const { api, functions, roles, eventBus, storage } = withCode(
      this,
      { folder, hasConsole, environment: buildEnvironment(options) },
      (code) => {
        const storage = new Storage(this, "Storage", { retentionDays });
        return { storage, ...addStatelessResources(this, { storage, code, ...options }) };
      },
    );
    this.endpoint = api.endpoint;
    this.apiToken = storage.apiToken;
    this.domainName = api.domain;
    this.eventBus = eventBus;
    this.#functions = functions;
    this.#roles = roles;
  }

  /** The Lambda functions that run the user's, in the order of their names; none for those on Fargate. */
  get functions(): IFunction[] {
    return [...this.#functions.values()];
  }

  /**
   * The Lambda function that runs the user's function `name`: to grant it what it needs. A function on Fargate has
   * none: grant it to its `role(name)`.
   * @throws UnknownFunctionError
   */
  function(name: string): IFunction {
    const found = this.#functions.get(name);
    if (found !== undefined) return found;
    this.role(name);
    throw new UnknownFunctionError(
      name,
      `${name} runs on Fargate and has no Lambda function; grant what it needs to role("${name}")`,
    );
  }

  /**
   * The role that the user's function `name` runs in, on Lambda or Fargate: to grant it what it needs.
   * @throws UnknownFunctionError
   */
  role(name: string): IRole {
    const found = this.#roles.get(name);
    if (found !== undefined) return found;
    throw new UnknownFunctionError(
      name,
      `there is no function ${name}; there are ${[...this.#roles.keys()].join(", ")}`,
    );
  }
}

/** Builds the functions, and keeps what was built as long as `use` takes: the CDK makes its own copy of each asset. */
function withCode<T>(
  scope: Construct,
  { folder, hasConsole, environment }: { folder: string; hasConsole: boolean; environment: UserEnvironment },
  use: (code: LambdaCode) => T,
): T {
  const outDirectory = mkdtempSync(join(tmpdir(), "epoque-build-"));
  try {
    const code = buildInChild({
      functions: resolve(folder),
      outDirectory,
      platform: "lambda",
      environment,
      console: hasConsole,
    });
    for (const warning of code.warnings) Annotations.of(scope).addWarningV2("epoque:functions", warning);
    return use(code);
  } finally {
    // `cdk synth --no-staging` makes no copies: the assembly points here.
    if (!scope.node.tryGetContext("aws:cdk:disable-asset-staging")) rmSync(outDirectory, { recursive: true });
  }
}
