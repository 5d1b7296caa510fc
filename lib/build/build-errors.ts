/** One thing that is wrong with the user's functions, and what to do about it. */
export interface BuildProblem {
  /** The file, relative to the user's project; absent if it is about none. */
  file?: string;
  message: string;
}

/** The user's functions cannot be built. The message has one line for each problem and is for the user. */
export class FunctionBuildError extends Error {
  readonly problems: readonly BuildProblem[];

  constructor(problems: readonly BuildProblem[]) {
    const lines = problems.map(({ file, message }) => (file === undefined ? message : `${file}: ${message}`));
    super(lines.sort().join("\n"));
    this.name = "FunctionBuildError";
    this.problems = problems;
  }
}
