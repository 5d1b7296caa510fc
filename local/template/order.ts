import type { StackTemplate } from "./assembly.ts";
import { referencesIn } from "./intrinsics.ts";
import { TemplateError } from "./template-error.ts";

/** The logical ids of a stack, each after all it refers to or names in `DependsOn`. @throws TemplateError for a circle */
export function inCreationOrder({ name: stack, resources }: StackTemplate): string[] {
  const order = new Set<string>();
  const visit = (logicalId: string, path: string[]) => {
    if (order.has(logicalId)) return;
    if (path.includes(logicalId)) {
      throw new TemplateError(`${stack}: resources depend on each other: ${[...path, logicalId].join(" → ")}`);
    }
    const resource = resources[logicalId];
    // A parameter, or something unknown that resolving it will name.
    if (resource === undefined) return;
    const dependencies = [resource.DependsOn ?? [], referencesIn(resource.Properties)].flat();
    for (const dependency of dependencies) visit(dependency, [...path, logicalId]);
    order.add(logicalId);
  };
  for (const logicalId of Object.keys(resources)) visit(logicalId, []);
  return [...order];
}
