/** Returns the developer's PATH: the only variable of this machine that Lambda processes get. */
export function hostPath(): string {
  return process.env["PATH"] ?? "/usr/bin:/bin";
}
