import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ACCOUNT, arn, REGION } from "../../account.ts";
import type { AccessKeys } from "../../gateway/access-keys.ts";
import { AwsFailure } from "../../gateway/failures.ts";
import type { Policies } from "../../gateway/policies.ts";
import type { Watchdog } from "../../runtime/watchdog.ts";
import type { LogStreams } from "../log-streams.ts";
import type { ContainerMetadata } from "./container-metadata.ts";
import { Task } from "./task.ts";
import type { TaskDefinition } from "./task-definition.ts";

export interface EcsOptions {
  watchdog: Watchdog;
  /** Prefix of the mark of every process of this cloud. */
  mark: string;
  gatewayEndpoint: () => string;
  metadata: ContainerMetadata;
  logStreams: LogStreams;
  accessKeys: AccessKeys;
  policies: Policies;
  /** Modules that every process of a task loads first. */
  preloads: readonly string[];
  /** Called when a task begins to run; what it returns, when that has ended. */
  onStart: (task: { functionName: string; environmentId: string; kill(): void }) => () => void;
  /** Why a task cannot be started, if that is to be. */
  problemOf: (family: string) => string | undefined;
  /** Why there is no capacity for a task, if that is to be. */
  refusalOf: (family: string) => string | undefined;
  onLog: (entry: { functionName: string; stream: "stdout" | "stderr"; line: string }) => void;
  /** Receives the details of the event of a task's end. */
  onStopped: (family: string, detail: object) => void;
}

/** Parameters of `RunTask`. */
export interface RunRequest {
  cluster: string;
  taskDefinition: string;
  clientToken: string | undefined;
  startedBy: string | undefined;
  subnets: string[];
  securityGroups: string[];
  environment: readonly { name: string; value: string }[];
}

/** Clusters, task definitions and tasks of ECS on Fargate. */
export class Ecs {
  readonly #options: EcsOptions;
  readonly #clusters = new Set<string>();
  /** Resources of EC2 that a task's network may name. */
  readonly #network = new Set<string>();
  /** The revisions of each family. */
  readonly #families = new Map<string, TaskDefinition[]>();
  readonly #tasks = new Map<string, { task: Task; cluster: string }>();
  readonly #byToken = new Map<string, { request: string; task: Task }>();
  #isStopped = false;

  constructor(options: EcsOptions) {
    this.#options = options;
  }

  async addCluster(name: string): Promise<string> {
    await this.#options.metadata.open();
    this.#clusters.add(name);
    return clusterArn(name);
  }

  removeCluster(name: string): void {
    this.#clusters.delete(name);
  }

  addToNetwork(id: string): void {
    this.#network.add(id);
  }

  removeFromNetwork(id: string): void {
    this.#network.delete(id);
  }

  /** Registers the next revision of a family, and returns its ARN. */
  register(definition: Omit<TaskDefinition, "arn">): string {
    const revisions = this.#families.get(definition.family) ?? [];
    const revisionArn = arn("ecs", `task-definition/${definition.family}:${revisions.length + 1}`);
    this.#families.set(definition.family, [...revisions, { ...definition, arn: revisionArn }]);
    return revisionArn;
  }

  /** Forgets a family: what runs of it goes on. */
  deregister(family: string): void {
    this.#families.delete(family);
  }

  /** Finds a task definition by its family, the newest revision, or by its ARN. */
  find(name: string): TaskDefinition | undefined {
    const [family = "", revision] = (name.split("/").at(-1) ?? "").split(":");
    const revisions = this.#families.get(family);
    return revision === undefined ? revisions?.at(-1) : revisions?.[Number(revision) - 1];
  }

  /** Starts a task, unless that was asked for with the same token before. @throws AwsFailure */
  run(request: RunRequest): { task: object } | { reason: string } {
    const { cluster, clientToken } = request;
    this.#check(request);
    const text = JSON.stringify(request);
    const known = clientToken === undefined ? undefined : this.#byToken.get(clientToken);
    if (known !== undefined && known.request !== text) {
      const message = "The provided clientToken is already in use with a different RunTask request.";
      throw new AwsFailure(400, "ConflictException", message, { resourceIds: [known.task.arn] });
    }
    const reason =
      known === undefined ? this.#options.refusalOf(this.find(request.taskDefinition)?.family ?? "") : undefined;
    if (reason !== undefined) return { reason };
    const task = known?.task ?? this.#start(request);
    if (clientToken !== undefined) this.#byToken.set(clientToken, { request: text, task });
    return { task: task.describe(clusterArn(cluster)) };
  }

  /** Describes a task, if it is known. */
  describe(cluster: string, task: string): object | undefined {
    return this.#tasks.get(taskArn(cluster, task))?.task.describe(clusterArn(cluster));
  }

  /** Tells a task to stop. @returns its description, if it is known */
  stopTask(cluster: string, task: string, reason: string): object | undefined {
    this.#tasks.get(taskArn(cluster, task))?.task.stop("UserInitiated", reason);
    return this.describe(cluster, task);
  }

  /** The processes of the tasks of these families. */
  running(family: RegExp): { functionName: string; pid: number | undefined; state: "running" }[] {
    const tasks = [...this.#tasks.values()].map(({ task }) => task);
    const found = tasks.filter((task) => !task.isStopped && family.test(task.family));
    return found.map((task) => ({ functionName: task.family, pid: task.pid, state: "running" }));
  }

  /** Ends everything at once. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    const tasks = [...this.#tasks.values()].map(({ task }) => task);
    for (const task of tasks) task.kill();
    await Promise.all(tasks.map((task) => task.stopped));
  }

  #check({ cluster, taskDefinition, subnets, securityGroups }: RunRequest): void {
    if (this.#isStopped || !this.#clusters.has(cluster)) {
      throw new AwsFailure(400, "ClusterNotFoundException", "Cluster not found.");
    }
    const definition = this.find(taskDefinition);
    if (definition === undefined) throw new AwsFailure(400, "ClientException", "TaskDefinition not found.");
    const unknown = [...subnets, ...securityGroups].find((id) => !this.#network.has(id));
    if (unknown !== undefined) {
      throw new AwsFailure(400, "InvalidParameterException", `Error retrieving network information for ${unknown}`);
    }
    const { policies } = this.#options;
    for (const role of [definition.taskRoleArn, definition.executionRoleArn]) {
      if (policies.mayAssume("ecs-tasks.amazonaws.com", role, clusterArn(cluster))) continue;
      throw new AwsFailure(400, "ClientException", `ECS was unable to assume the role '${role}'.`);
    }
  }

  #start({ cluster, taskDefinition, startedBy, environment }: RunRequest): Task {
    const { watchdog, mark, metadata, accessKeys, preloads, logStreams, onLog, onStart, gatewayEndpoint } =
      this.#options;
    const definition = this.find(taskDefinition) as TaskDefinition;
    const { family, taskRoleArn, logGroup } = definition;
    const id = randomBytes(16).toString("hex");
    const ownArn = taskArn(cluster, id);
    const logStream = `${definition.logStreamPrefix}/${id}`;
    const secret = `${mark}${randomBytes(16).toString("hex")}`;
    const accessKey = accessKeys.issue({ kind: "function", functionName: family, roleArn: taskRoleArn });
    const problem = this.#logProblem(definition, logStream) ?? this.#options.problemOf(family);
    const task = new Task({
      arn: ownArn,
      definition,
      startedBy,
      root: this.#freeRoot(family),
      overrides: environment,
      variables: {
        ...metadata.add(secret, { taskArn: ownArn, accessKey }),
        AWS_REGION: REGION,
        AWS_DEFAULT_REGION: REGION,
        AWS_EXECUTION_ENV: "AWS_ECS_FARGATE",
        AWS_ENDPOINT_URL: gatewayEndpoint(),
      },
      mark: secret,
      preloads,
      problem,
      watchdog,
      onLine: (stream, line) => {
        logStreams.add(logGroup, logStream, line);
        onLog({ functionName: family, stream, line });
      },
      onStopped: (stopped) => {
        ended();
        metadata.remove(secret);
        accessKeys.revoke(accessKey);
        if (!this.#isStopped) this.#options.onStopped(family, stopped.describe(clusterArn(cluster)));
      },
    });
    const ended = onStart({ functionName: family, environmentId: secret, kill: () => task.kill() });
    this.#tasks.set(ownArn, { task, cluster });
    return task;
  }

  // The same for one task after the other: Node keeps what it has compiled by the path of a file.
  #freeRoot(family: string): string {
    const tasks = [...this.#tasks.values()].map(({ task }) => task);
    const taken = new Set(tasks.filter((task) => !task.isStopped).map(({ root }) => root));
    for (let number = 1; ; number++) {
      const root = join(tmpdir(), `epoque-task-${this.#options.mark}-${family}-${number}`);
      if (!taken.has(root)) return root;
    }
  }

  // The log driver writes in the execution role.
  #logProblem({ executionRoleArn, logGroup }: TaskDefinition, logStream: string): string | undefined {
    const resource = arn("logs", `log-group:${logGroup}:log-stream:${logStream}`);
    const request = { principal: { role: executionRoleArn }, resource, context: {} };
    const denied = ["logs:CreateLogStream", "logs:PutLogEvents"].find(
      (action) => !this.#options.policies.allows({ ...request, action }),
    );
    if (denied === undefined) return undefined;
    return `ResourceInitializationError: failed to validate logger args: not authorized to perform: ${denied}`;
  }
}

function clusterArn(name: string): string {
  return name.startsWith("arn:") ? name : arn("ecs", `cluster/${name}`);
}

/** Returns the ARN of a task, given that or its id. */
function taskArn(cluster: string, task: string): string {
  return task.startsWith("arn:") ? task : `arn:aws:ecs:${REGION}:${ACCOUNT}:task/${cluster.split("/").at(-1)}/${task}`;
}
