/** One thing that is wrong with the user's functions, and what to do about it. */
export interface BuildProblem {
  /** The file, relative to the user's project; absent if it is about none. */
  file?: string;
  message: string;
}

/** The user's functions cannot be built. The message has one line for each problem and is for the user. */
export class FunctionBuildError extends Error {
  /** Sorted by file, each once. */
  readonly problems: readonly BuildProblem[];
  /** The lines of the message. */
  readonly lines: string[];

  constructor(problems: readonly BuildProblem[]) {
    const byLine = new Map(problems.map((problem) => [lineOf(problem), problem]));
    const lines = [...byLine.keys()].sort();
    super(lines.join("\n"));
    this.name = "FunctionBuildError";
    this.lines = lines;
    this.problems = lines.flatMap((line) => byLine.get(line) ?? []);
  }
}

function lineOf({ file, message }: BuildProblem): string {
  return file === undefined ? message : `${file}: ${message}`;
}
