import { CfnOutput, Token } from "aws-cdk-lib";
import type { EventBus } from "aws-cdk-lib/aws-events";
import type { IRole } from "aws-cdk-lib/aws-iam";
import type { Function as Lambda } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import type { LambdaCode } from "../builder/build-code.ts";
import { Api } from "./api.ts";
import { Bulk } from "./bulk.ts";
import { OptionError } from "./errors.ts";
import { Events, type Publisher } from "./events.ts";
import { Fargate } from "./fargate/fargate.ts";
import { TaskFunction } from "./fargate/task-function.ts";
import { UserFunction } from "./functions.ts";
import { Monitoring } from "./monitoring/monitoring.ts";
import type { LambdaSettings } from "./node-lambda.ts";
import type { EpoqueProps, FunctionOptions, ReservedConcurrency } from "./options.ts";
import { Scheduling } from "./scheduling.ts";
import type { Storage } from "./storage.ts";
import { Sweep } from "./sweep.ts";
import { optionsFor } from "./user-variables.ts";

export interface StatelessProps
  extends FunctionOptions,
    Pick<
      EpoqueProps,
      | "overrides"
      | "domain"
      | "alarmEmail"
      | "events"
      | "throttling"
      | "executionTokens"
      | "iamAuth"
      | "reservedConcurrency"
      | "tracing"
      | "shards"
    > {
  storage: Storage;
  code: LambdaCode;
}

/** Resources that others may refer to. */
export interface StatelessResources {
  api: Api;
  /** By the function's name; those on Fargate have none. */
  functions: ReadonlyMap<string, Lambda>;
  /** Roles that the functions run in, by the function's name. */
  roles: ReadonlyMap<string, IRole>;
  /** Only where events are switched on. */
  eventBus: EventBus | undefined;
}

const MIN_SHARDS = 4;
const MAX_SHARDS = 64;

/** Puts into `scope` what may be replaced at any time: queues, Lambdas, the API. */
export function addStatelessResources(
  scope: Construct,
  { storage, code, ...options }: StatelessProps,
): StatelessResources {
  const { domain, alarmEmail, events, throttling, executionTokens, iamAuth, shards = MIN_SHARDS } = options;
  if (!Number.isInteger(shards) || shards < MIN_SHARDS || shards > MAX_SHARDS) {
    throw new OptionError("shards", `shards must be a whole number from ${MIN_SHARDS} to ${MAX_SHARDS}, not ${shards}`);
  }
  const settings = (name: keyof ReservedConcurrency) => lambdaSettings(options, name);
  const scheduling = new Scheduling(scope, "Scheduling", {
    code: code.fire,
    storage,
    settings: settings("fire"),
    shards,
  });
  const bulk = new Bulk(scope, "Bulk", {
    code: code.bulk,
    storage,
    settings: settings("bulk"),
    scheduling,
    shards,
  });
  const sweep = new Sweep(scope, "Sweep", {
    code: code.sweep,
    storage,
    settings: settings("sweep"),
    scheduling,
    bulk,
    shards,
  });
  const api = new Api(scope, "Api", {
    code: code.api,
    storage,
    settings: settings("api"),
    scheduling,
    bulk,
    shards,
    domain,
    throttling,
    executionTokens,
    iamAuth,
  });
  const { functions, fargate } = addFunctions(
    scope,
    { storage, code, ...options, shards },
    scheduling,
    [api.lambda, scheduling.fire, sweep.lambda, bulk.lambda],
    api.endpoint,
  );
  const all = [...functions];
  const lambdas = new Map(all.flatMap(([name, it]) => ("lambda" in it ? [[name, it.lambda] as const] : [])));
  const roles = new Map(all.map(([name, { role }]) => [name, role]));
  const publishers = all.map(([, it]) => ("lambda" in it ? it.lambda : it));
  const launchers = fargate === undefined ? [] : [fargate.launch];
  const eventBus = events
    ? addEvents(scope, [api.lambda, scheduling.fire, sweep.lambda, bulk.lambda, ...launchers, ...publishers])
    : undefined;
  for (const each of functions.values()) each.completeRights();
  const monitoring = new Monitoring(scope, "Monitoring", {
    http: api.http,
    api: api.lambda,
    fire: scheduling.fire,
    sweep: sweep.lambda,
    bulk: bulk.lambda,
    launch: fargate?.launch,
    fireQueue: scheduling.fireQueue,
    deadLetters: scheduling.deadLetters.queues,
    alarmEmail,
  });
  new CfnOutput(scope, "Dashboard", { value: monitoring.url, description: "What happens, in the AWS console" });
  new CfnOutput(scope, "Endpoint", { value: api.endpoint, description: "DEFER_ENDPOINT" });
  new CfnOutput(scope, "TokenSecret", {
    value: storage.apiToken.secretArn,
    description: "The secret that holds DEFER_TOKEN",
  });
  return { api, functions: lambdas, roles, eventBus };
}

function lambdaSettings(
  { tracing = false, reservedConcurrency = {} }: Pick<EpoqueProps, "tracing" | "reservedConcurrency">,
  name: keyof ReservedConcurrency,
): LambdaSettings {
  const reserved = reservedConcurrency[name];
  if (reserved !== undefined && !Token.isUnresolved(reserved) && !(Number.isInteger(reserved) && reserved > 0)) {
    throw new OptionError(
      `reservedConcurrency.${name}`,
      `reservedConcurrency of ${name} must be a whole number of at least 1, not ${reserved}`,
    );
  }
  return { tracing, reservedConcurrency: reserved };
}

function addEvents(scope: Construct, publishers: readonly Publisher[]): EventBus {
  const events = new Events(scope, "Events");
  for (const publisher of publishers) events.publishedBy(publisher);
  return events.bus;
}

function addFunctions(
  scope: Construct,
  { storage, code, overrides = {}, tracing = false, shards, ...options }: StatelessProps & { shards: number },
  scheduling: Scheduling,
  senders: readonly Lambda[],
  endpoint: string,
): { functions: Map<string, UserFunction | TaskFunction>; fargate: Fargate | undefined } {
  const names = code.functions.map(({ manifest }) => manifest.name);
  const unknown = Object.keys(overrides).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new OptionError(
      "overrides",
      `"overrides" names ${unknown}, but there is no such function; there are ${names.join(", ")}`,
    );
  }
  const isLong = code.functions.some(({ manifest }) => manifest.compute === "fargate");
  const fargate = isLong
    ? new Fargate(scope, "Fargate", { code: code.launch, storage, scheduling, shards, tracing })
    : undefined;
  const allSenders = fargate === undefined ? senders : [...senders, fargate.launch];
  const functions = code.functions.map(({ manifest, directory }) => {
    const id = `Function-${manifest.name}`;
    const own = optionsFor(options, overrides[manifest.name]);
    const props = { manifest, code: directory, storage, scheduling, endpoint, shards, tracing, options: own };
    const added =
      manifest.compute === "fargate" && fargate !== undefined
        ? new TaskFunction(scope, id, { ...props, fargate, loader: code.loader })
        : new UserFunction(scope, id, props);
    // A sender that knows a function by its name must find its queue: the URLs are put together, so CloudFormation does
    // not see it.
    for (const sender of allSenders) sender.node.addDependency(added.queue);
    return [manifest.name, added] as const;
  });
  return { functions: new Map(functions), fargate };
}
