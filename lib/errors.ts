/** An option of the construct cannot be used. The message says what it may be. */
export class OptionError extends Error {
  /** The option as `EpoqueProps` names it, a part of it after a dot: `retentionDays`, `throttling.burst`. */
  readonly option: string;

  constructor(option: string, message: string) {
    super(message);
    this.name = "OptionError";
    this.option = option;
  }
}

/** The construct has no function of this name, or none where it was looked for. The message says which there are. */
export class UnknownFunctionError extends Error {
  readonly functionName: string;

  constructor(functionName: string, message: string) {
    super(message);
    this.name = "UnknownFunctionError";
    this.functionName = functionName;
  }
}
