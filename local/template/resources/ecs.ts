import * as z from "zod";
import { nameFor, type ResourceHandler, withoutEffect } from "./resource-handler.ts";
import type { Services } from "./services.ts";

const Cluster = z.strictObject({
  ClusterName: z.string().optional(),
  ClusterSettings: withoutEffect,
  Tags: withoutEffect,
});

/** `AWS::ECS::Cluster`. */
export function ecsCluster({ ecs }: Services): ResourceHandler<z.infer<typeof Cluster>> {
  return {
    properties: Cluster,
    async create({ ClusterName }, place) {
      const name = ClusterName ?? nameFor(place, 255);
      return { ref: name, attributes: { Arn: await ecs.addCluster(name) } };
    },
    async remove(_, { ref }) {
      ecs.removeCluster(ref);
    },
  };
}

const Variable = z.strictObject({ Name: z.string(), Value: z.string() });

const Container = z.strictObject({
  Name: z.string(),
  Image: z.string().regex(/^public\.ecr\.aws\/lambda\/nodejs:/, "only AWS's image of Lambda for Node.js is known here"),
  EntryPoint: z.array(z.string()).min(1),
  Command: z.array(z.string()).default([]),
  Environment: z.array(Variable).default([]),
  StopTimeout: z.number().int().min(2).max(120).default(30),
  LogConfiguration: z.strictObject({
    LogDriver: z.literal("awslogs"),
    Options: z.looseObject({ "awslogs-group": z.string(), "awslogs-stream-prefix": z.string() }),
  }),
  Essential: z.literal(true).optional(),
  // Without effect: files are made read-only by a preload, and the temporary folder is the machine's.
  ReadonlyRootFilesystem: withoutEffect,
  MountPoints: withoutEffect,
  LinuxParameters: withoutEffect,
});

const TaskDefinition = z.strictObject({
  Family: z.string(),
  ContainerDefinitions: z.tuple([Container]),
  TaskRoleArn: z.string(),
  ExecutionRoleArn: z.string(),
  Cpu: z.string(),
  Memory: z.coerce.number().int().min(512),
  NetworkMode: z.literal("awsvpc"),
  RequiresCompatibilities: z.tuple([z.literal("FARGATE")]),
  // Without effect: tasks run on this machine.
  RuntimePlatform: withoutEffect,
  Volumes: withoutEffect,
  Tags: withoutEffect,
});

/** `AWS::ECS::TaskDefinition` with one container. Every change registers a revision. */
export function ecsTaskDefinition({ ecs }: Services): ResourceHandler<z.infer<typeof TaskDefinition>> {
  const register = async (properties: z.infer<typeof TaskDefinition>) => {
    const [container] = properties.ContainerDefinitions;
    const { "awslogs-group": group, "awslogs-stream-prefix": prefix } = container.LogConfiguration.Options;
    const revisionArn = ecs.register({
      family: properties.Family,
      taskRoleArn: properties.TaskRoleArn,
      executionRoleArn: properties.ExecutionRoleArn,
      container: container.Name,
      entryPoint: container.EntryPoint,
      command: container.Command,
      environment: Object.fromEntries(container.Environment.map(({ Name, Value }) => [Name, Value])),
      memoryMegabytes: properties.Memory,
      stopTimeoutSeconds: container.StopTimeout,
      logGroup: group,
      logStreamPrefix: `${prefix}/${container.Name}`,
    });
    return { ref: revisionArn, attributes: { TaskDefinitionArn: revisionArn } };
  };
  return {
    properties: TaskDefinition,
    create: register,
    update: (properties, old) => (properties.Family === old.Family ? register(properties) : Promise.resolve(undefined)),
    async remove({ Family }) {
      ecs.deregister(Family);
    },
  };
}
