import { functionTag } from "../lambdas/core/ids.ts";
import type { BuildProblem } from "./build-errors.ts";
import type { FunctionManifest } from "./manifest.ts";

/**
 * Finds functions whose name another one has: all but the first, by file. Names that differ in case alone are told
 * apart by SQS, but not by the people who read them in the console.
 */
export function sameNames(manifests: readonly FunctionManifest[]): BuildProblem[] {
  const byFile = manifests.toSorted((a, b) => (a.file < b.file ? -1 : 1));
  const groups = Map.groupBy(byFile, ({ name }) => name.toLowerCase());
  return [...groups.values()].flatMap(([first, ...others]) =>
    others.map(({ name, file }) => {
      const same = name === first?.name ? "" : ` (as ${first?.name}: the case of letters is not enough)`;
      return {
        file,
        message: `the function's name ${name} is used by ${first?.file} too${same}; give each function a name of its own`,
      };
    }),
  );
}

/**
 * Finds functions whose ids cannot be told from another's. A function's role reaches the executions whose ids carry its
 * tag, so two functions must not have the same: one chance in some four thousand million for each two.
 */
export function sameTags(manifests: readonly FunctionManifest[]): BuildProblem[] {
  const groups = Map.groupBy(manifests, ({ id }) => functionTag(id));
  return [...groups.values()].flatMap(([first, ...others]) =>
    others
      .filter(({ name }) => name !== first?.name)
      .map(({ name, file }) => ({
        file,
        message: `the ids of ${name} cannot be told from those of ${first?.name} (${first?.file}); rename one of them`,
      })),
  );
}

/** Finds follow-ups that name no function of the deployment. */
export function unknownFollowUps(manifests: readonly FunctionManifest[]): BuildProblem[] {
  const names = manifests.map(({ name }) => name);
  return manifests.flatMap(({ file, config }) =>
    (["onFailure", "onSuccess"] as const).flatMap((key) => {
      const name = config[key];
      if (name === undefined || names.includes(name)) return [];
      return [
        { file, message: `config.${key} names ${JSON.stringify(name)}, but the functions are ${names.join(", ")}` },
      ];
    }),
  );
}
