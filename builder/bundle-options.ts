import type { BuildOptions, Loader } from "esbuild";

const IMAGES = [".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".bmp", ".ico"];

/**
 * Files other than code come as text, images as data URLs: the bundle stays one file, and needs no path at run time.
 */
const LOADERS: Record<string, Loader> = {
  ".txt": "text",
  ".html": "text",
  ".htm": "text",
  ".md": "text",
  ".markdown": "text",
  ...Object.fromEntries(IMAGES.map((end) => [end, "dataurl" as const])),
  ".cjsx": "jsx",
  ".mjsx": "jsx",
  ".ctsx": "tsx",
  ".mtsx": "tsx",
};

/** Variables as Vite gives them to code on a server: SvelteKit, Remix. Those of the user are the process's. */
const VITE_ENV: Record<string, string> = {
  "import.meta.env": "process.env",
  "import.meta.env.BASE_URL": '"/"',
  "import.meta.env.DEV": "false",
  "import.meta.env.MODE": "process.env.NODE_ENV",
  "import.meta.env.PROD": "true",
  "import.meta.env.SSR": "true",
};

/** esbuild's names for loading by a name that is computed at run time. They tell us, and are no fault of the user. */
const LOADS_BY_NAME = ["unsupported-require-call", "indirect-require", "unsupported-dynamic-import"];

/** Whether a message of esbuild is about loading by a name that is computed at run time. */
export function isForUs(messageId: string): boolean {
  return LOADS_BY_NAME.includes(messageId);
}

/** How each function of the user is bundled. */
export const BUNDLE_OPTIONS = {
  write: false,
  metafile: true,
  bundle: true,
  platform: "node",
  target: "node24",
  format: "esm",
  treeShaking: true,
  // A function's name is its identity: the bundler must not change it.
  keepNames: true,
  // Where the user's tsconfig.json says nothing of JSX, or leaves it to others as Next.js wants it.
  jsx: "automatic",
  sourcemap: "linked",
  sourcesContent: false,
  charset: "utf8",
  loader: LOADERS,
  define: VITE_ENV,
  logLevel: "silent",
  logLimit: 0,
  logOverride: {
    ...Object.fromEntries(LOADS_BY_NAME.map((id) => [id, "warning" as const])),
    // `module` and `exports` exist at run time: see lambdas/run/load-function.ts.
    "commonjs-variable-in-esm": "silent",
  },
} satisfies BuildOptions;
