/**
 * Returns a module for `--import`, to be the first: with it a process keeps the code that it has compiled in a folder,
 * and takes what others have left there. The text of the module is in its URL, so that nothing has to be compiled
 * before it.
 */
export function compileCachePreload(folder: string): string {
  const source = `import { enableCompileCache } from "node:module"; enableCompileCache(${JSON.stringify(folder)});`;
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
