/** A resource of a template. */
export interface TemplateResource {
  Type: string;
  Properties?: Record<string, unknown>;
  DependsOn?: string | string[];
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

type Resources = Record<string, TemplateResource>;

/** Returns the name that the template itself gives to a resource, or undefined where CloudFormation makes one up. */
function fixedName({ Type, Properties = {} }: TemplateResource): unknown {
  if (isLabelled(Type)) return undefined;
  const noun = Type.split("::").at(-1) ?? "";
  // `TableName` of a GlobalTable; `Name` of those that have no other.
  const key = ["Name", `${noun}Name`, `${noun.replace(/^Global/, "")}Name`].find((each) => each in Properties);
  return key === undefined ? undefined : Properties[key];
}

/** Returns the ids of resources that stay when the stack goes and then hold a name that the next deployment needs. */
export function retainedWithFixedName(resources: Resources): string[] {
  const isRetained = (policy: string | undefined) => policy?.startsWith("Retain") === true;
  return Object.entries(resources)
    .filter(([, each]) => isRetained(each.DeletionPolicy) || isRetained(each.UpdateReplacePolicy))
    .filter(([, each]) => fixedName(each) !== undefined)
    .map(([id]) => id);
}

/**
 * Returns one line for each place that writes a resource's name out although nothing makes CloudFormation create that
 * resource first.
 */
export function unlinkedNames(resources: Resources): string[] {
  const named = Object.entries(resources).flatMap(([id, each]) => {
    const name = fixedName(each);
    return typeof name === "string" ? [{ id, name }] : [];
  });
  const users = Object.entries(resources).filter(([, { Type }]) => !isLabelled(Type));
  return users.flatMap(([id, each]) => {
    const first = dependencies(resources, id);
    // A queue and the Lambda that reads it have the same name.
    const texts = textsOf(each.Properties).filter((text) => text !== fixedName(each));
    return texts.flatMap((text) =>
      named
        .filter(({ id: owner, name }) => owner !== id && !first.has(owner) && mentions(text, name))
        .map(({ id: owner, name }) => `${id} writes ${name} out instead of referring to ${owner}`),
    );
  });
}

// Names only label them: others refer to an API by its id.
function isLabelled(type: string): boolean {
  return type.startsWith("AWS::ApiGatewayV2::");
}

// A whole name, alone or as a part of an ARN or a URL.
function mentions(text: string, name: string): boolean {
  return text.split(/[/:]/).includes(name);
}

/** Everything that CloudFormation creates before `id`. */
function dependencies(resources: Resources, id: string, found = new Set<string>()): Set<string> {
  const { Properties, DependsOn = [] } = resources[id] ?? { Type: "" };
  for (const other of [...referencesOf(Properties), DependsOn].flat()) {
    if (found.has(other) || resources[other] === undefined) continue;
    found.add(other);
    dependencies(resources, other, found);
  }
  return found;
}

function referencesOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const { Ref, "Fn::GetAtt": attribute } = value as { Ref?: string; "Fn::GetAtt"?: [string] };
  const own = [Ref, attribute?.[0]].filter((each) => each !== undefined);
  return [...own, ...Object.values(value).flatMap(referencesOf)];
}

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
