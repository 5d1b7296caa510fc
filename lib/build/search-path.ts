/** Where this machine finds its programs: all that a process of ours is told of the environment. */
export function searchPath(): string {
  // biome-ignore lint/style/noProcessEnv: the one place of lib/build that reads the environment
  return process.env["PATH"] ?? "";
}
