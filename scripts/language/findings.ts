import { docOpeners, openers, words } from "./words.ts";

export interface Finding {
  file: string;
  /** Counted from 1. */
  line: number;
  text: string;
  advice: string;
}

/** Returns the places of `source` to reword: comments with a banned opener, and banned words anywhere. */
export function findings(file: string, source: string): Finding[] {
  const lines = source.split("\n");
  return lines.flatMap((text, index) => {
    const advice = [
      ...(beginsBadly(lines, index) ? ["begin with the subject or a verb"] : []),
      ...words.filter(({ word }) => word.test(text)).map(({ instead }) => instead),
    ];
    return advice.map((each) => ({ file, line: index + 1, text: text.trim().slice(0, 100), advice: each }));
  });
}

function beginsBadly(lines: readonly string[], index: number): boolean {
  const text = commentOf(lines[index] ?? "");
  if (!beginsComment(lines, index)) return false;
  return openers.test(text) || (!/^\s*\/\//.test(lines[index] ?? "") && docOpeners.test(text));
}

const COMMENT = /^\s*(\/\*\*|\*|\/\/)\s?/;

function commentOf(line: string): string {
  return COMMENT.test(line) ? line.replace(COMMENT, "") : "";
}

// The second line of a comment goes on with the first one's sentence.
function beginsComment(lines: readonly string[], index: number): boolean {
  const [kind, before] = [COMMENT.exec(lines[index] ?? "")?.[1], COMMENT.exec(lines[index - 1] ?? "")?.[1]];
  if (kind === "/**") return true;
  if (kind === "//") return before !== "//";
  return kind === "*" && before === "/**" && commentOf(lines[index - 1] ?? "") === "";
}
