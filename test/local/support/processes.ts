import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Returns whether a process exists and is not a zombie. Linux. */
export const isAlive = (pid: number) => {
  const path = `/proc/${pid}/stat`;
  return existsSync(path) && !/\) Z/.test(readFileSync(path, "utf-8"));
};

/** Returns all descendants of a process. Linux. */
export function descendants(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "utf-8").split(" ").filter(Boolean).map(Number),
  );
  return children.flatMap((child) => [child, ...descendants(child)]);
}
