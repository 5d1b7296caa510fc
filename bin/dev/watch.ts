import { once } from "node:events";
import { watch as watchFiles } from "chokidar";

/** Editors write a file in several steps; this much silence means that they are through. */
const QUIET_MS = 100;

export interface Watch {
  /** Also watches these files: what the functions import from elsewhere. */
  add(files: string[]): void;
  close(): Promise<void>;
}

/** Calls `onChange` after something in `directory` has changed, was added or removed; one call at a time. */
export async function watch(directory: string, files: string[], onChange: () => Promise<void>): Promise<Watch> {
  const watcher = watchFiles([directory, ...files], {
    ignoreInitial: true,
    ignored: (path) => path.includes("/node_modules/"),
  });
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  watcher.on("all", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(onChange);
    }, QUIET_MS);
  });
  await once(watcher, "ready");
  return {
    add: (more) => void watcher.add(more),
    async close() {
      clearTimeout(timer);
      await Promise.all([watcher.close(), running]);
    },
  };
}
