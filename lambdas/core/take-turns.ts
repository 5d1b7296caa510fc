/** Returns the first of each list, then the second of each, and so on. */
export function takeTurns<T>(lists: readonly (readonly T[])[]): T[] {
  const taken: T[] = [];
  for (let turn = 0, left = lists; left.length > 0; turn++) {
    left = left.filter(({ length }) => turn < length);
    for (const list of left) taken.push(list[turn] as T);
  }
  return taken;
}
