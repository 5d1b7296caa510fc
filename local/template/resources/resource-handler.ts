import * as z from "zod";

/** Result of deploying a resource. */
export interface DeployedState {
  /** The value of `Ref`. */
  ref: string;
  /** The values of `Fn::GetAtt`. */
  attributes: Readonly<Record<string, string>>;
}

/** Place of a resource in the templates. */
export interface ResourceContext {
  stack: string;
  logicalId: string;
  /** Returns the path of an asset, by its key in the bucket of assets. */
  asset(key: string): string | undefined;
}

/** Handler of one CloudFormation type: validates properties, creates, changes and removes resources. */
export interface ResourceHandler<Properties> {
  /** Refuses properties that it does not name: each ignored property is listed on purpose. */
  properties: z.ZodType<Properties>;
  /** Creates a resource, or adopts the one that an earlier run left in the data directory. */
  create(properties: Properties, place: ResourceContext): Promise<DeployedState>;
  /**
   * Changes a resource in place; returns `undefined` if it must be replaced. Without this, every change replaces. With
   * `isAlwaysUpdated`, also called when nothing has changed.
   */
  update?(properties: Properties, old: Properties, place: ResourceContext): Promise<DeployedState | undefined>;
  /** Set where the properties alone do not show a change. */
  isAlwaysUpdated?: true;
  remove(properties: Properties, made: DeployedState, place: ResourceContext): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: resourceHandlers of all properties lie in one table
export type AnyResourceHandler = ResourceHandler<any>;

/** A property that is accepted without an effect in the local cloud. */
export const withoutEffect = z.unknown().optional();

/** Returns the generated name of a resource: the same at every start. */
export function nameFor({ stack, logicalId }: ResourceContext, maxLength = 64): string {
  const name = `${stack}-${logicalId}`;
  // The end of a logical id tells resources apart.
  return name.length <= maxLength ? name : `${stack.slice(0, maxLength >> 1)}-${logicalId}`.slice(-maxLength);
}
