/** A task definition with its only container, from a template. */
export interface TaskDefinition {
  arn: string;
  family: string;
  taskRoleArn: string;
  executionRoleArn: string;
  container: string;
  entryPoint: string[];
  command: string[];
  environment: Record<string, string>;
  memoryMegabytes: number;
  stopTimeoutSeconds: number;
  logGroup: string;
  /** Name of the log stream of a task, but for the slash and the task's id. */
  logStreamPrefix: string;
}
