/** The one thing a Lambda process gets of the developer's machine: where programs are. */
export function hostPath(): string {
  return process.env["PATH"] ?? "/usr/bin:/bin";
}
