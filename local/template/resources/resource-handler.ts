import * as z from "zod";

/** What a resource has become. */
export interface DeployedState {
  /** What `Ref` gives. */
  ref: string;
  /** What `Fn::GetAtt` gives. */
  attributes: Readonly<Record<string, string>>;
}

/** Where in the templates a resource stands. */
export interface ResourceContext {
  stack: string;
  logicalId: string;
  /** The folder or file behind a key of the bucket of assets. */
  asset(key: string): string | undefined;
}

/** One CloudFormation type: its properties, and what is done for a resource of it. */
export interface ResourceHandler<Properties> {
  /** Refuses every property that it does not name: what is ignored is ignored on purpose. */
  properties: z.ZodType<Properties>;
  /** Also finds and adopts what a former run left in the data directory. */
  create(properties: Properties, place: ResourceContext): Promise<DeployedState>;
  /**
   * Changes it in place; `undefined`: it must be replaced. Without this, every change replaces.
   * Where `isAlwaysUpdated`, also called when nothing has changed.
   */
  update?(properties: Properties, old: Properties, place: ResourceContext): Promise<DeployedState | undefined>;
  /** Its properties alone do not tell whether something has changed. */
  isAlwaysUpdated?: true;
  remove(properties: Properties, made: DeployedState, place: ResourceContext): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: resourceHandlers of all properties lie in one table
export type AnyResourceHandler = ResourceHandler<any>;

/** A property that is accepted and has no effect in the local cloud. */
export const withoutEffect = z.unknown().optional();

/** The name a resource gets that was given none: the same at every start. */
export function nameFor({ stack, logicalId }: ResourceContext, maxLength = 64): string {
  const name = `${stack}-${logicalId}`;
  // The end of a logical id tells resources apart.
  return name.length <= maxLength ? name : `${stack.slice(0, maxLength >> 1)}-${logicalId}`.slice(-maxLength);
}
