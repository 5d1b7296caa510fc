import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const NOT_COPIED = new Set(["node_modules", ".next"]);

/** Environment of a shell, without what vitest and an outer `npm` put there. */
function environment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { NODE_ENV, DEFER_ENDPOINT, DEFER_TOKEN, ...rest } = process.env;
  return { ...rest, NEXT_TELEMETRY_DISABLED: "1", ...more };
}

/** A copy of `examples/nextjs` in a temporary folder, with its packages installed. */
export interface NextApp {
  /** `next build`. `minified` takes the switch `serverMinification: false` out of its configuration first. */
  build(options?: { minified?: boolean }): Promise<void>;
  /** `next start` on a free port, with the variables of the app. */
  start(variables: Record<string, string>): Promise<{ url: string; stop(): Promise<void> }>;
  remove(): Promise<void>;
}

/** Installs the example with `npm ci` in a copy. Rejects where its packages cannot be had. */
export async function installNextApp(): Promise<NextApp> {
  const folder = await mkdtemp(join(tmpdir(), "epoque-nextjs-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  await cp(resolve("examples/nextjs"), folder, {
    recursive: true,
    filter: (path) => !NOT_COPIED.has(basename(path)),
  });
  const install = ["ci", "--prefer-offline", "--no-audit", "--no-fund"];
  await run("npm", install, { cwd: folder, env: environment() }).catch(async (error) => {
    await remove();
    throw error;
  });
  const next = createRequire(join(folder, "package.json")).resolve("next/dist/bin/next");
  return {
    async build({ minified = false } = {}) {
      const file = join(folder, "next.config.ts");
      const config = await readFile(resolve("examples/nextjs/next.config.ts"), "utf-8");
      const unswitched = config.replace("serverMinification: false", "serverMinification: true");
      if (unswitched === config) throw new Error("next.config.ts has no serverMinification: false");
      await writeFile(file, minified ? unswitched : config);
      // The client reads its variables when the app runs: the build does without.
      await run(process.execPath, [next, "build"], { cwd: folder, env: environment() }).catch((error) => {
        throw new Error(`next build: ${error.stdout}${error.stderr}`);
      });
    },
    async start(variables) {
      const child = spawn(process.execPath, [next, "start", "--port", "0", "--hostname", "127.0.0.1"], {
        cwd: folder,
        env: environment(variables),
      });
      const exited = once(child, "exit");
      let output = "";
      const url = new Promise<string>((found) => {
        for (const stream of [child.stdout, child.stderr]) {
          stream.setEncoding("utf-8").on("data", (text: string) => {
            output += text;
            const local = /Local: +(http:\S+)/.exec(output)?.[1];
            if (local && output.includes("Ready")) found(local);
          });
        }
      });
      const failed = exited.then(() => Promise.reject(new Error(`next start: ${output}`)));
      failed.catch(() => undefined);
      return {
        url: await Promise.race([url, failed]),
        async stop() {
          child.kill("SIGTERM");
          await exited;
        },
      };
    },
    remove,
  };
}
