import type { StackTemplate } from "./assembly.ts";
import { referencesIn } from "./intrinsics.ts";
import { TemplateError } from "./template-error.ts";

/**
 * Returns a stack's logical ids sorted by dependencies (references and `DependsOn`).
 * @throws TemplateError for a cycle
 */
export function inCreationOrder({ name: stack, resources }: StackTemplate): string[] {
  const order = new Set<string>();
  const visit = (logicalId: string, path: string[]) => {
    if (order.has(logicalId)) return;
    if (path.includes(logicalId)) {
      throw new TemplateError(`${stack}: resources depend on each other: ${[...path, logicalId].join(" → ")}`);
    }
    const resource = resources[logicalId];
    // A parameter, or an unknown name that resolving will report.
    if (resource === undefined) return;
    const dependencies = [resource.DependsOn ?? [], referencesIn(resource.Properties)].flat();
    for (const dependency of dependencies) visit(dependency, [...path, logicalId]);
    order.add(logicalId);
  };
  for (const logicalId of Object.keys(resources)) visit(logicalId, []);
  return [...order];
}
