// The one place of builder that reads this machine's environment.

/** Where this machine finds its programs: all that a module which is only loaded is told of the environment. */
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
