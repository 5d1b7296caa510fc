import * as z from "zod";
import type { Assembly, ResourceTemplate, StackTemplate } from "./assembly.ts";
import { resolve, type Scope } from "./intrinsics.ts";
import { inCreationOrder } from "./order.ts";
import type { AnyResourceHandler, DeployedState, ResourceContext } from "./resources/resource-handler.ts";
import { TemplateError } from "./template-error.ts";

interface Deployed {
  stack: string;
  logicalId: string;
  template: ResourceTemplate;
  kind: AnyResourceHandler;
  properties: unknown;
  made: DeployedState;
}

export interface DeployedResource {
  stack: string;
  logicalId: string;
  type: string;
  physicalId: string;
}

/** Resource types without a counterpart here. */
const NOTHING_TO_DO = new Set(["AWS::CDK::Metadata"]);

/** The deployed resources; applies assemblies to them. */
export class Deployment {
  readonly #resourceHandlers: Record<string, AnyResourceHandler>;
  /** By stack and logical id, in the order of creation. */
  readonly #deployed = new Map<string, Deployed>();
  #outputs: Record<string, Record<string, string>> = {};
  #exports = new Map<string, string>();

  constructor(resourceHandlers: Record<string, AnyResourceHandler>) {
    this.#resourceHandlers = resourceHandlers;
  }

  get outputs(): Readonly<Record<string, Record<string, string>>> {
    return this.#outputs;
  }

  get resources(): DeployedResource[] {
    return [...this.#deployed.values()].map(({ stack, logicalId, template, made }) => ({
      stack,
      logicalId,
      type: template.Type,
      physicalId: made.ref,
    }));
  }

  physicalId(stack: string, logicalId: string): string | undefined {
    return this.#deployed.get(keyOf(stack, logicalId))?.made.ref;
  }

  /**
   * Creates new resources, changes or replaces changed ones, removes missing ones. A failure half way leaves the rest
   * as it is (CloudFormation would roll back); applying the next assembly repairs it.
   * @throws TemplateError naming stack and logical id of an unsupported resource
   */
  async apply(assembly: Assembly): Promise<void> {
    for (const stack of assembly.stacks) this.#check(stack);
    for (const stack of assembly.stacks) {
      for (const logicalId of inCreationOrder(stack)) await this.#deploy(stack, logicalId, assembly);
      this.#publishOutputs(stack);
    }
    await this.#removeGone(assembly);
  }

  /** Refuses unsupported resources before any change. */
  #check(stack: StackTemplate): void {
    for (const [logicalId, { Type, Condition }] of Object.entries(stack.resources)) {
      if (NOTHING_TO_DO.has(Type)) continue;
      const where = `${stack.name}/${logicalId}`;
      if (this.#resourceHandlers[Type] === undefined)
        throw new TemplateError(`${where}: resource type ${Type} is not known here`);
      if (Condition !== undefined) throw new TemplateError(`${where}: conditions are not known here (${Condition})`);
    }
  }

  async #deploy(stack: StackTemplate, logicalId: string, assembly: Assembly): Promise<void> {
    const template = stack.resources[logicalId] as ResourceTemplate;
    if (NOTHING_TO_DO.has(template.Type)) return;
    const place = { stack: stack.name, logicalId, asset: (key: string) => assembly.assets.get(key) };
    const kind = this.#resourceHandlers[template.Type] as AnyResourceHandler;
    try {
      const properties = parse(kind, resolve(template.Properties ?? {}, this.#scope(stack)));
      const made = await this.#makeOrChange(template, kind, properties, place);
      this.#deployed.set(keyOf(stack.name, logicalId), { ...place, template, kind, properties, made });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new TemplateError(`${stack.name}/${logicalId} (${template.Type}): ${reason}`, { cause });
    }
  }

  async #makeOrChange(
    template: ResourceTemplate,
    kind: AnyResourceHandler,
    properties: unknown,
    place: ResourceContext,
  ): Promise<DeployedState> {
    const existing = this.#deployed.get(keyOf(place.stack, place.logicalId));
    if (existing === undefined) return kind.create(properties, place);
    if (existing.template.Type === template.Type) {
      const isSame = JSON.stringify(properties) === JSON.stringify(existing.properties);
      if (isSame && !kind.isAlwaysUpdated) return existing.made;
      const changed = await kind.update?.(properties, existing.properties, place);
      if (changed !== undefined) return changed;
    }
    // CloudFormation would create the new one first, under another generated name. Here names stay the same.
    if (existing.template.UpdateReplacePolicy?.startsWith("Retain")) {
      throw new TemplateError("this change replaces a resource that must be retained");
    }
    await this.#remove(existing, place);
    return kind.create(properties, place);
  }

  async #removeGone(assembly: Assembly): Promise<void> {
    const wanted = new Set(
      assembly.stacks.flatMap(({ name, resources }) => Object.keys(resources).map((id) => keyOf(name, id))),
    );
    for (const [key, gone] of [...this.#deployed].reverse()) {
      if (wanted.has(key)) continue;
      const isRetained = gone.template.DeletionPolicy?.startsWith("Retain") ?? false;
      if (isRetained) this.#deployed.delete(key);
      else await this.#remove(gone, { ...gone, asset: () => undefined });
    }
    const stacks = new Set(assembly.stacks.map(({ name }) => name));
    this.#outputs = Object.fromEntries(Object.entries(this.#outputs).filter(([stack]) => stacks.has(stack)));
  }

  async #remove({ kind, properties, made, stack, logicalId }: Deployed, place: ResourceContext): Promise<void> {
    await kind.remove(properties, made, place);
    this.#deployed.delete(keyOf(stack, logicalId));
  }

  #publishOutputs(stack: StackTemplate): void {
    const outputs: Record<string, string> = {};
    for (const [id, { value, exportName }] of Object.entries(stack.outputs)) {
      try {
        outputs[id] = String(resolve(value, this.#scope(stack)));
        if (exportName !== undefined) {
          this.#exports.set(String(resolve(exportName, this.#scope(stack))), outputs[id]);
        }
      } catch (cause) {
        throw new TemplateError(`${stack.name}, output ${id}: ${(cause as Error).message}`, { cause });
      }
    }
    this.#outputs = { ...this.#outputs, [stack.name]: outputs };
  }

  #scope(stack: StackTemplate): Scope {
    const made = (logicalId: string) => this.#deployed.get(keyOf(stack.name, logicalId))?.made;
    return {
      stack: stack.name,
      ref: (logicalId) => made(logicalId)?.ref ?? stack.parameters[logicalId],
      attribute: (logicalId, name) => made(logicalId)?.attributes[name],
      importValue: (exportName) => this.#exports.get(exportName),
      stackOutput: (name, output) => this.#outputs[name]?.[output],
    };
  }
}

function parse(kind: AnyResourceHandler, properties: unknown): unknown {
  const parsed = kind.properties.safeParse(properties);
  if (!parsed.success) throw new TemplateError(`properties: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function keyOf(stack: string, logicalId: string): string {
  return `${stack}/${logicalId}`;
}
