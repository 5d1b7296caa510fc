import { readFileSync } from "node:fs";
import { Duration, Size, Stack, Token } from "aws-cdk-lib";
import {
  AwsLogDriverMode,
  type ContainerDefinition,
  ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  LinuxParameters,
  LogDrivers,
  OperatingSystemFamily,
} from "aws-cdk-lib/aws-ecs";
import { Asset } from "aws-cdk-lib/aws-s3-assets";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { DEFAULT_MEMORY_MEGABYTES } from "../../lambdas/core/limits.ts";
import type { TaskEnvName } from "../../lambdas/run/env.ts";
import { acknowledge, acknowledgeCheckov } from "../acknowledge.ts";
import { OptionError } from "../errors.ts";
import { grant } from "../grants.ts";
import { InlineRole } from "../inline-role.ts";
import { physicalName } from "../naming.ts";
import { messageQueue } from "../queue.ts";
import { grantRunner, runnerEnvironment, type UserFunctionProps } from "../runner.ts";
import { addTicks } from "../ticks.ts";
import { type UserVariables, userVariables } from "../user-variables.ts";
import { type Fargate, tasksPrincipal } from "./fargate.ts";
import { taskSize } from "./task-size.ts";

/**
 * AWS's own image of Lambda: the system is the one that packages are installed for, and no Docker is needed to deploy.
 */
const IMAGE = "public.ecr.aws/lambda/nodejs:24";

/** Folders of the image: where Lambda lays a function's code, and what of the SDK the image brings along. */
const TASK_ROOT = "/var/task";
const SDK = "/var/runtime/node_modules";
const NODE = "/var/lang/bin/node";

export interface TaskFunctionProps extends Omit<UserFunctionProps, "tracing"> {
  fargate: Fargate;
  /** The program that loads a task's code: a JavaScript file. */
  loader: string;
}

/** A function of the user on Fargate: its queue, and the definition of the tasks that run it. */
export class TaskFunction extends Construct {
  readonly queue: Queue;
  /** Role that user code runs in. */
  readonly role: InlineRole;
  readonly #container: ContainerDefinition;
  readonly #variables: UserVariables;

  constructor(scope: Construct, id: string, props: TaskFunctionProps) {
    super(scope, id);
    const { manifest, scheduling, fargate, options } = props;
    this.queue = messageQueue(this, "Messages", {
      part: `fn-${manifest.name}`,
      fifo: false,
      readerTimeout: Duration.minutes(1),
      deadLetters: scheduling.deadLetters,
    });
    this.role = new InlineRole(this, "Role", {
      path: fargate.rolePath,
      description: `Tasks of ${manifest.name}`,
      assumedBy: tasksPrincipal(this),
    });
    this.#variables = userVariables(this, options);
    this.#container = this.#define(props, runnerEnvironment(this, props, this.#variables));
    grantRunner(this.role, props, this.queue);
    fargate.networks.add(manifest.name, options);
    fargate.launchFrom(this.queue);
    addTicks(this, props);
  }

  /** Sets a variable of its tasks. */
  addEnvironment(name: string, value: string): void {
    this.#container.addEnvironment(name, value);
  }

  get grantPrincipal(): InlineRole {
    return this.role;
  }

  /** Ends our own rights: from now on it gets those that the user wants it to have, first those on their secrets. */
  completeRights(): void {
    this.role.complete();
    this.#variables.grantRead(this.role);
  }

  #define(
    { manifest, code, loader, fargate, options }: TaskFunctionProps,
    environment: Omit<Record<TaskEnvName, string>, "EPOQUE_MEMORY">,
  ): ContainerDefinition {
    const { cpu, memoryMegabytes } = taskSize(memoryOf(options, manifest));
    const definition = new FargateTaskDefinition(this, "Task", {
      family: physicalName(this, `fn-${manifest.name}`),
      cpu,
      memoryLimitMiB: memoryMegabytes,
      runtimePlatform: { cpuArchitecture: CpuArchitecture.ARM64, operatingSystemFamily: OperatingSystemFamily.LINUX },
      taskRole: this.role,
      executionRole: fargate.executionRole,
      volumes: [{ name: "code" }, { name: "temporary" }],
    });
    const asset = new Asset(this, "Code", { path: code });
    const container = definition.addContainer("Run", {
      containerName: "run",
      image: ContainerImage.fromRegistry(IMAGE),
      entryPoint: [NODE, "--eval"],
      command: [readFileSync(loader, "utf-8")],
      environment: {
        ...environment,
        EPOQUE_MEMORY: String(memoryMegabytes),
        EPOQUE_CODE_BUCKET: asset.s3BucketName,
        EPOQUE_CODE_KEY: asset.s3ObjectKey,
        AWS_REGION: Stack.of(this).region,
        NODE_PATH: SDK,
      },
      logging: LogDrivers.awsLogs({
        logGroup: fargate.logs,
        // The API looks for the lines of a task there: `lambdas/aws/worker-log.ts`.
        streamPrefix: manifest.name,
        // A log that takes nothing must not stop what runs: its lines are stored with the execution, too.
        mode: AwsLogDriverMode.NON_BLOCKING,
        maxBufferSize: Size.mebibytes(25),
      }),
      // As on Lambda: all but the temporary folder is read-only. The loader writes the code.
      readonlyRootFilesystem: true,
      stopTimeout: Duration.seconds(120),
      // Somebody has to reap the processes that user code leaves behind.
      linuxParameters: new LinuxParameters(this, "Init", { initProcessEnabled: true }),
    });
    container.addMountPoints(
      { sourceVolume: "code", containerPath: TASK_ROOT, readOnly: false },
      { sourceVolume: "temporary", containerPath: "/tmp", readOnly: false },
    );
    const object = Stack.of(this).formatArn({
      service: "s3",
      region: "",
      account: "",
      resource: asset.s3BucketName,
      resourceName: asset.s3ObjectKey,
    });
    grant(this.role, "s3", ["GetObject"], [object]);
    acknowledge(definition, "ECS2", "Variables are read from the definition, and no secret is among them.");
    acknowledgeCheckov(definition, { CKV_AWS_97: "It has no volume on EFS." });
    return container;
  }
}

/** @throws OptionError where the runner and the process of the user's code would not fit */
function memoryOf(
  { memorySize }: TaskFunctionProps["options"],
  { name, config }: TaskFunctionProps["manifest"],
): number {
  const megabytes = memorySize ?? config.memory ?? DEFAULT_MEMORY_MEGABYTES;
  const isKnown = !Token.isUnresolved(megabytes) && Number.isInteger(megabytes);
  if (isKnown && megabytes >= 256 && megabytes <= 122_880) return megabytes;
  throw new OptionError(
    "memorySize",
    `memorySize of ${name} must be a whole number of MB from 256 to 122880 that is known when the stack is synthesized: ` +
      "it runs on Fargate, whose tasks have fixed sizes",
  );
}
