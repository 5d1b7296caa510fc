/** A command line that cannot be understood: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Work that was understood and not done, or not all of it: exit code 1. */
export class Failure extends Error {
  override readonly name = "Failure";
}
