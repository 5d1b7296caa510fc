import { Fragment } from "react";

/** The name of a function, which is broken between its words where it is too long for a line. */
export function FunctionName({ name }: { name: string }) {
  return (
    <span className="wrap-anywhere">
      {name.split(/(?<=[a-z0-9])(?=[A-Z])/).map((word, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the words of a name never change
        <Fragment key={index}>
          {index > 0 && <wbr />}
          {word}
        </Fragment>
      ))}
    </span>
  );
}
