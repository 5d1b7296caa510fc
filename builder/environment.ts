// The one place of builder that reads this machine's environment.

/** Variables by which this machine finds its programs: the only ones that a module which is only loaded sees. */
export function searchPath(): string {
  // biome-ignore lint/style/noProcessEnv: see above
  return process.env["PATH"] ?? "";
}

/**
 * This machine's environment and `more`: for programs that act for the developer, with their registries and proxies.
 */
export function developersEnvironment(more: Record<string, string>): NodeJS.ProcessEnv {
  // biome-ignore lint/style/noProcessEnv: see above
  return { ...process.env, ...more };
}
