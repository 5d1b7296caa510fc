/** Returns a copy of plain data that nobody can change, so that a store can hand the same one to every reader. */
export function frozen<T>(data: T): T {
  if (typeof data !== "object" || data === null || Object.isFrozen(data)) return data;
  if (Array.isArray(data)) return Object.freeze(data.map(frozen)) as T;
  const copy: Record<string, unknown> = { ...(data as object) };
  for (const key in copy) if (typeof copy[key] === "object") copy[key] = frozen(copy[key]);
  return Object.freeze(copy) as T;
}
