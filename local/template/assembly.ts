import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { TemplateError } from "./template-error.ts";

export interface ResourceTemplate {
  Type: string;
  Properties?: Record<string, unknown> | undefined;
  DependsOn?: string | string[] | undefined;
  DeletionPolicy?: string | undefined;
  UpdateReplacePolicy?: string | undefined;
  Condition?: string | undefined;
}

export interface StackTemplate {
  /** Name of the stack in CloudFormation. */
  name: string;
  resources: Record<string, ResourceTemplate>;
  /** Parameters have their default values. */
  parameters: Record<string, string>;
  outputs: Record<string, { value: unknown; exportName: unknown }>;
}

export interface Assembly {
  /** Sorted: each stack after its dependencies. */
  stacks: StackTemplate[];
  /** Path of an asset, by its key in the bucket of assets. */
  assets: ReadonlyMap<string, string>;
}

const Manifest = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      properties: z
        .object({ templateFile: z.string().optional(), stackName: z.string().optional(), file: z.string().optional() })
        .optional(),
      dependencies: z.array(z.string()).default([]),
    }),
  ),
});

// `Rules` (CDK's check of the bootstrap version) are assertions about the target account: there is none here, they are
// ignored by design. `Conditions` decide only over resources with a `Condition`, and those are refused.
const Template = z.strictObject({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).optional(),
      DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
      DeletionPolicy: z.string().optional(),
      UpdateReplacePolicy: z.string().optional(),
      Condition: z.string().optional(),
    }),
  ),
  Parameters: z.record(z.string(), z.object({ Default: z.unknown() })).default({}),
  Outputs: z
    .record(z.string(), z.object({ Value: z.unknown(), Export: z.object({ Name: z.unknown() }).optional() }))
    .default({}),
  Rules: z.unknown().optional(),
  Conditions: z.unknown().optional(),
  Metadata: z.unknown().optional(),
  Description: z.string().optional(),
  AWSTemplateFormatVersion: z.string().optional(),
});

const AssetManifest = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string() }),
        destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

/** Reads a synthesized CDK cloud assembly. @throws TemplateError naming the unsupported part */
export async function readAssembly(directory: string): Promise<Assembly> {
  const { artifacts } = await readJson(join(directory, "manifest.json"), Manifest);
  const stacks: StackTemplate[] = [];
  const assets = new Map<string, string>();
  for (const id of inDependencyOrder(artifacts)) {
    const { type, properties } = artifacts[id] as (typeof artifacts)[string];
    if (type === "aws:cloudformation:stack" && properties?.templateFile !== undefined) {
      const template = await readJson(join(directory, properties.templateFile), Template);
      stacks.push(stackOf(properties.stackName ?? id, template));
    }
    if (type === "cdk:asset-manifest" && properties?.file !== undefined) {
      const { files } = await readJson(join(directory, properties.file), AssetManifest);
      for (const { source, destinations } of Object.values(files)) {
        for (const { objectKey } of Object.values(destinations)) assets.set(objectKey, join(directory, source.path));
      }
    }
  }
  return { stacks, assets };
}

function stackOf(name: string, template: z.infer<typeof Template>): StackTemplate {
  const parameters: Record<string, string> = {};
  for (const [parameter, { Default }] of Object.entries(template.Parameters)) {
    if (Default !== undefined) parameters[parameter] = String(Default);
  }
  return {
    name,
    resources: template.Resources,
    parameters,
    outputs: Object.fromEntries(
      Object.entries(template.Outputs).map(([id, { Value, Export }]) => [
        id,
        { value: Value, exportName: Export?.Name },
      ]),
    ),
  };
}

function inDependencyOrder(artifacts: z.infer<typeof Manifest>["artifacts"]): string[] {
  const order = new Set<string>();
  const visit = (id: string) => {
    if (order.has(id)) return;
    for (const dependency of artifacts[id]?.dependencies ?? []) if (dependency in artifacts) visit(dependency);
    order.add(id);
  };
  for (const id of Object.keys(artifacts)) visit(id);
  return [...order];
}

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(JSON.parse(await readFile(path, "utf-8")));
  if (!parsed.success) throw new TemplateError(`${path}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
