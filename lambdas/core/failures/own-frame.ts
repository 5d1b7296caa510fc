/** A line of a stack in the user's own code. */
export interface OwnFrame {
  /** Path of the file in the user's project. */
  file: string;
  line: string;
  column: string;
  /** Name of the function, where it has one. */
  functionName: string;
}

const FRAME = /^\s+at (?:async )?(?:(.*) \()?(.*?):(\d+):(\d+)\)?$/gm;

/** Finds the first frame of a stack that is the user's own; `undefined` if there is none. */
export function ownFrame(stack: string): OwnFrame | undefined {
  for (const [, functionName = "", file = "", line = "", column = ""] of stack.matchAll(FRAME)) {
    // The user's are relative to the project; Node's, ours and those of packages are not.
    if (!/^(\/|[a-z]+:)|node_modules\//i.test(file)) return { file, line, column, functionName };
  }
  return undefined;
}
