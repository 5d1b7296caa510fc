/** An environment part of which may change while it is used. */
export interface LiveEnvironment {
  /** The same object as long as nothing in it has changed. */
  current: () => NodeJS.ProcessEnv;
  /** Looks whether something has changed. Rejects if that cannot be told. */
  refresh: () => Promise<void>;
}

/** `fixed`, and over it what `readChanging` gives: secrets, which may be rotated. */
export function liveEnvironment(
  fixed: NodeJS.ProcessEnv,
  readChanging: () => Promise<Record<string, string>>,
): LiveEnvironment {
  let current = fixed;
  let known = JSON.stringify({});
  return {
    current: () => current,
    async refresh() {
      const changing = await readChanging();
      const next = JSON.stringify(changing);
      if (next === known) return;
      known = next;
      current = { ...fixed, ...changing };
    },
  };
}
