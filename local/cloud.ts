import { randomBytes } from "node:crypto";
import { chmod, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { ACCOUNT, arn, REGION } from "./account.ts";
import { MovableClock } from "./clock.ts";
import { type AccessKey, AccessKeys } from "./gateway/access-keys.ts";
import { enforcement } from "./gateway/enforcement.ts";
import type { FaultPlan } from "./gateway/faults/plan.ts";
import { Faults } from "./gateway/faults.ts";
import { Gateway } from "./gateway/gateway.ts";
import { logDenials } from "./gateway/log-denials.ts";
import type { Interceptor, Service } from "./gateway/messages.ts";
import { type OnEvaluated, Policies } from "./gateway/policies.ts";
import type { AttachedPolicy } from "./gateway/policy/attached-policy.ts";
import { ClockFile } from "./runtime/clock-file.ts";
import { compileCachePreload } from "./runtime/compile-cache.ts";
import { Watchdog } from "./runtime/watchdog.ts";
import { withAssets } from "./services/assets/asset-bucket.ts";
import type { Backend } from "./services/backend.ts";
import { cloudwatchService, MetricAlarms } from "./services/cloudwatch.ts";
import { startDynalite } from "./services/dynalite.ts";
import { startDynamodbLocal } from "./services/dynamodb-local.ts";
import { ecsService } from "./services/ecs/api.ts";
import { ContainerMetadata } from "./services/ecs/container-metadata.ts";
import { Ecs } from "./services/ecs/ecs.ts";
import { type BusEvent, EventBuses, eventsService } from "./services/event-buses.ts";
import { EventRules } from "./services/event-rules.ts";
import { EventSources } from "./services/event-sources.ts";
import { startFauxqs } from "./services/fauxqs.ts";
import { HttpApi } from "./services/http-api.ts";
import { authorizeByIam } from "./services/http-iam.ts";
import { type Invocation, Lambda, type RunningEnvironment } from "./services/lambda.ts";
import { lambdaService } from "./services/lambda-api.ts";
import { LogStreams, logsService } from "./services/log-streams.ts";
import { schedulerService } from "./services/scheduler/api.ts";
import { groupArn } from "./services/scheduler/schedule.ts";
import { Scheduler } from "./services/scheduler/scheduler.ts";
import { Targets } from "./services/scheduler/targets.ts";
import { Secrets } from "./services/secrets.ts";
import { secretsService } from "./services/secrets-api.ts";
import { Started } from "./started.ts";
import { readAssembly } from "./template/assembly.ts";
import { type DeployedResource, Deployment } from "./template/deployment.ts";
import { resourceHandlers } from "./template/resources/resource-handlers.ts";

export interface CloudOptions {
  /** The directory of the cloud assembly. */
  assembly: string;
  /** Port of the HTTP API, on 127.0.0.1; 0 picks a free one. */
  port: number;
  /** Keeps the state across restarts, readable by its owner only (0700); without it everything is in memory. */
  dataDirectory?: string;
  dynamodb: "dynalite" | "local";
  /**
   * Point within its minute at which a schedule fires: at least 0, less than 1. Default `Math.random`; for tests that
   * move the clock forward.
   */
  random?: () => number;
  /** Called when everything is deployed; requests to the HTTP API wait until it has resolved. */
  beforeServing?: (cloud: Cloud) => Promise<void>;
  /** Receives every output line of Lambda processes, and messages of event source mappings and schedules. */
  onLog: (entry: LogEntry) => void;
  /** Receives every event that is put on an EventBridge bus. */
  onEvent?: (event: BusEvent) => void;
  /** Faults to inject and their rates. They hit calls of functions and services, never the operator's. */
  faults?: FaultPlan;
  /** See every call at the gateway, before fault injection: for counting or changing calls. */
  interceptors?: readonly Interceptor[];
  /** Called when an invocation begins; the returned function is called when it has ended. */
  onInvocation?: (invocation: Pick<Invocation, "functionName" | "memoryMegabytes">) => () => void;
  /** Receives every authorization request and its decision. */
  onEvaluated?: OnEvaluated;
}

export interface LogEntry {
  /** `scheduler` for schedules, `iam` for denied calls. */
  functionName: string;
  stream: "stdout" | "stderr";
  line: string;
}

export interface Cloud {
  /** `http://127.0.0.1:8787` */
  readonly apiEndpoint: string;
  /** The URL of the gateway, for all AWS calls. */
  readonly gatewayEndpoint: string;
  /** The credentials of the administrator, for the real SDK. */
  readonly operator: { accessKeyId: string; secretAccessKey: string };
  readonly region: string;
  readonly resources: readonly DeployedResource[];
  /** All IAM policies of the templates: those of roles, and those of resources. */
  readonly policies: readonly AttachedPolicy[];
  /** Stack → output → value. */
  readonly outputs: Readonly<Record<string, Record<string, string>>>;
  /** The value of `Ref`. */
  physicalId(stack: string, logicalId: string): string | undefined;
  /** Moves to another assembly: creates, changes, and removes resources, but keeps retained ones. */
  update(assembly: string): Promise<void>;
  /**
   * Moves the clock of EventBridge Scheduler forward, of tasks, and of Lambda functions from their next event on; not
   * that of SQS. Resolves when every schedule that fell due was delivered to its queue or function, in order, or waits
   * for its next attempt. Beware of schedules due within the minute: `CloudOptions.random`. A schedule that recurs more
   * than 100 times meanwhile fires for the last time only.
   */
  advanceClock(ms: number): Promise<void>;
  /** Ends every process and server. Safe to call twice. */
  stop(): Promise<void>;
  /** Fault injection: stop it, list injected faults, kill a function at a given point. */
  readonly faults: Faults;
  /** Returns the execution environments of functions, and the tasks by their families, for tests to inspect or kill. */
  environments(functionName: RegExp): RunningEnvironment[];
}

/**
 * Runs everything in the templates of a cloud assembly.
 * @throws Error with code EADDRINUSE if the port is taken; TemplateError for unsupported templates. Leaves nothing
 *   behind.
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const started = new Started();
  try {
    return await assembleCloud(options, started);
  } catch (error) {
    await started.stop();
    throw error;
  }
}

async function assembleCloud(options: CloudOptions, started: Started): Promise<Cloud> {
  const assembly = await readAssembly(options.assembly);
  let assets = assembly.assets;
  if (options.dataDirectory !== undefined) await makePrivate(options.dataDirectory);
  // Known only after the services behind it have started.
  let endpoint = "";
  const gatewayEndpoint = () => endpoint;
  const mark = randomBytes(8).toString("hex");
  const clock = new MovableClock();
  const faults = new Faults(options.faults);
  const watchdog = started.add(new Watchdog(mark), (it) => it.stop());
  const aheadMs = () => clock.aheadMs;
  const onInvocation = (invocation: Invocation) => {
    const ends = [options.onInvocation?.(invocation), faults.onInvocation(invocation)];
    return () => {
      for (const ended of ends) ended?.();
    };
  };
  const logStreams = new LogStreams(() => Date.now() + aheadMs());
  // Beside the code that is compiled, and gone with it.
  const compileCache = resolve(options.assembly, "compile-cache");
  const lambda = new Lambda({
    logStreams,
    watchdog,
    mark,
    gatewayEndpoint,
    compileCache,
    aheadMs,
    onInvocation,
    onLog: options.onLog,
  });
  const accessKeys = new AccessKeys();
  const denials = logDenials((line) => options.onLog({ functionName: "iam", stream: "stderr", line }));
  const policies = new Policies((...evaluated) => {
    denials(...evaluated);
    options.onEvaluated?.(...evaluated);
  });
  const mayInvoke = (name: string, sourceArn: string) =>
    policies.mayInvoke("apigateway.amazonaws.com", arn("lambda", `function:${name}`), sourceArn);
  const httpApi = started.add(
    await HttpApi.open(options.port, {
      lambda,
      mayInvoke,
      authorize: (request, resource) => authorizeByIam({ accessKeys, policies, aheadMs }, request, resource),
      onRefusal: (line) => options.onLog({ functionName: "api", stream: "stderr", line }),
    }),
    (it) => it.close(),
  );

  const secrets = new Secrets(inData(options, "secrets.json"));
  const backends = await startBackends(options, watchdog, gatewayEndpoint, started);
  const clockFile = started.add(await ClockFile.create(), (it) => it.remove());
  const metadata = started.add(new ContainerMetadata(aheadMs), (it) => it.close());
  const scheduler = startScheduler(options, { clock, gatewayEndpoint, accessKeys, policies, faults }, started);
  const metricAlarms = new MetricAlarms();
  const eventBuses = new EventBuses(options.onEvent ?? (() => {}));
  const eventRules = new EventRules({
    maySend: (queueArn, ruleArn) => policies.maySend("events.amazonaws.com", queueArn, ruleArn),
    send: async (queueArn, MessageBody) => {
      const QueueUrl = `${endpoint}/${ACCOUNT}/${queueArn.split(":").at(-1)}`;
      await gateway.callAs({ kind: "operator" }, "sqs", "AmazonSQS.SendMessage", { QueueUrl, MessageBody });
    },
    onProblem: (line) => options.onLog({ functionName: "events", stream: "stderr", line }),
  });
  const ecs = new Ecs({
    watchdog,
    mark,
    gatewayEndpoint,
    metadata,
    logStreams,
    accessKeys,
    policies,
    preloads: taskPreloads(compileCache, clockFile),
    onStart: faults.onInvocation,
    problemOf: faults.taskProblem,
    refusalOf: faults.taskRefusal,
    onLog: options.onLog,
    onStopped: (family, detail) => {
      if (!faults.isEventLost(family)) eventRules.publish("aws.ecs", "ECS Task State Change", [], detail);
    },
  });
  const services: Record<string, Service> = {
    ...backends,
    s3: withAssets(backends["s3"] as Service, (key) => assets.get(key)),
    ecs: ecsService(ecs),
    events: eventsService(eventBuses),
    lambda: lambdaService(lambda),
    logs: logsService(logStreams),
    monitoring: cloudwatchService(metricAlarms),
    scheduler: schedulerService(scheduler),
    secretsmanager: secretsService(secrets),
  };
  const operator = accessKeys.issue({ kind: "operator" });
  const partitionKeys = new Map<string, string>();
  const gatewayOptions = {
    accessKeys,
    services,
    aheadMs,
    interceptors: [
      ...(options.interceptors ?? []),
      enforcement(
        policies,
        (table) => partitionKeys.get(table),
        (name) => ecs.find(name),
      ),
      faults.interceptor,
    ],
  };
  const gateway = started.add(await Gateway.open(gatewayOptions), (it) => it.close());
  endpoint = gateway.endpoint;

  const onProblem = (functionName: string, line: string) => options.onLog({ functionName, stream: "stderr", line });
  const eventSources = new EventSources({
    lambda,
    sqs: (caller, action, ...rest) => gateway.callAs(caller, "sqs", `AmazonSQS.${action}`, ...rest),
    onProblem,
  });
  started.add(eventSources, (it) => it.ended());
  started.add(lambda, (it) => it.stop());
  started.add(eventSources, (it) => it.stop());
  started.add(eventRules, (it) => it.settled());
  started.add(ecs, (it) => it.stop());
  // Stops first, so that running deliveries arrive.
  started.add(scheduler, (it) => it.stop());

  const clients = operatorClients(endpoint, operator, started);
  const deployment = new Deployment(
    resourceHandlers({
      ...clients,
      secrets,
      scheduler,
      lambda,
      ecs,
      eventBuses,
      metricAlarms,
      eventRules,
      eventSources,
      httpApi,
      policies,
      partitionKeys,
      accessKeys,
    }),
  );
  await deployment.apply(assembly);
  // Targets must exist first.
  scheduler.start();
  const apply = async (directory: string) => {
    const next = await readAssembly(directory);
    assets = next.assets;
    await deployment.apply(next);
  };
  const advance = async (ms: number) => {
    await scheduler.advance(ms);
    clockFile.write(clock.aheadMs);
  };
  const cloud = cloudOf({
    deployment,
    apply,
    advance,
    faults,
    lambda,
    ecs,
    httpApi,
    gateway,
    operator,
    policies,
    started,
  });
  await options.beforeServing?.(cloud);
  httpApi.serve();
  return cloud;
}

interface Parts {
  deployment: Deployment;
  apply(directory: string): Promise<void>;
  advance(ms: number): Promise<void>;
  faults: Faults;
  lambda: Lambda;
  ecs: Ecs;
  httpApi: HttpApi;
  gateway: Gateway;
  operator: AccessKey;
  policies: Policies;
  started: Started;
}

function cloudOf(parts: Parts): Cloud {
  const { deployment, faults, lambda, ecs, httpApi, gateway, operator, policies, started } = parts;
  let updating: Promise<unknown> = Promise.resolve();
  return {
    apiEndpoint: httpApi.endpoint,
    gatewayEndpoint: gateway.endpoint,
    operator: { accessKeyId: operator.accessKeyId, secretAccessKey: operator.secretAccessKey },
    region: REGION,
    faults,
    environments: (functionName) => [...lambda.environments(functionName), ...ecs.running(functionName)],
    get resources() {
      return deployment.resources;
    },
    get policies() {
      return policies.attached;
    },
    get outputs() {
      return deployment.outputs;
    },
    physicalId: (stack, logicalId) => deployment.physicalId(stack, logicalId),
    update(directory) {
      // One at a time.
      const updated = updating.then(() => parts.apply(directory));
      updating = updated.catch(() => {});
      return updated;
    },
    advanceClock: (ms) => parts.advance(ms),
    stop: () => started.stop(),
  };
}

/** Modules that every process of a task loads first: those of Lambdas, and the clock, which moves while a task runs. */
function taskPreloads(compileCache: string, clockFile: ClockFile): string[] {
  const sourceExtension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const module = (name: string) => new URL(`runtime/${name}${sourceExtension}`, import.meta.url).href;
  return [
    compileCachePreload(compileCache),
    module("read-only-files"),
    `${module("follow-clock")}?file=${encodeURIComponent(clockFile.path)}`,
  ];
}

function startScheduler(
  options: CloudOptions,
  {
    clock,
    policies,
    faults,
    ...gateway
  }: { clock: MovableClock; gatewayEndpoint: () => string; accessKeys: AccessKeys; policies: Policies; faults: Faults },
  started: Started,
): Scheduler {
  return new Scheduler({
    file: inData(options, "schedules.jsonl"),
    clock,
    targets: started.add(new Targets(gateway), (it) => it.stop()),
    random: options.random ?? Math.random,
    timesFired: faults.timesFired,
    mayAssume: (roleArn, group) => policies.mayAssume("scheduler.amazonaws.com", roleArn, groupArn(group)),
    onProblem: (line) => options.onLog({ functionName: "scheduler", stream: "stderr", line }),
  });
}

async function startBackends(
  options: CloudOptions,
  watchdog: Watchdog,
  gatewayEndpoint: () => string,
  started: Started,
): Promise<Backend["services"]> {
  const stop = (backend: Backend) => backend.stop();
  const startDynamodb =
    options.dynamodb === "local"
      ? startDynamodbLocal(inData(options, "dynamodb-local"), watchdog)
      : startDynalite(inData(options, "dynalite"));
  const [dynamodb, sqsAndS3] = await Promise.allSettled([
    startDynamodb.then((backend) => started.add(backend, stop)),
    startFauxqs(inData(options, "fauxqs"), gatewayEndpoint).then((backend) => started.add(backend, stop)),
  ]);
  if (dynamodb.status === "rejected") throw dynamodb.reason;
  if (sqsAndS3.status === "rejected") throw sqsAndS3.reason;
  return { ...dynamodb.value.services, ...sqsAndS3.value.services };
}

/** Creates a directory, or changes one, so that only its owner may enter. */
async function makePrivate(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
}

function inData({ dataDirectory }: CloudOptions, name: string): string | undefined {
  return dataDirectory === undefined ? undefined : join(dataDirectory, name);
}

function operatorClients(endpoint: string, credentials: AccessKey, started: Started) {
  const settings = { endpoint, region: REGION, credentials };
  const stop = (client: { destroy(): void }) => client.destroy();
  return {
    dynamodb: started.add(new DynamoDBClient(settings), stop),
    s3: started.add(new S3Client({ ...settings, forcePathStyle: true }), stop),
    sqs: started.add(new SQSClient(settings), stop),
  };
}
