import type { Finding } from "./findings.ts";

/** Width that the formatter lets code have. */
const MAX_COLUMNS = 120;

/**
 * Returns the lines of prose that are too long: comments of code, and pages without their tables and blocks of code.
 */
export function tooLong(file: string, source: string): Finding[] {
  const isProse = file.endsWith(".md") ? isPageProse() : isComment;
  return source.split("\n").flatMap((text, index) => {
    if (!isProse(text) || text.length <= MAX_COLUMNS || !canBreak(text)) return [];
    return [{ file, line: index + 1, text: text.trim().slice(0, 100), advice: `at most ${MAX_COLUMNS} columns` }];
  });
}

// The directives of a linter are one line each.
function isComment(line: string): boolean {
  return /^\s*(\/\*\*|\*|\/\/)/.test(line) && !line.includes("biome-ignore");
}

function isPageProse(): (line: string) => boolean {
  let isCode = false;
  return (line) => {
    const isFence = /^\s*```/.test(line);
    if (isFence) isCode = !isCode;
    return !isFence && !isCode && !/^\s*\|/.test(line);
  };
}

// An address or a link is in one piece.
function canBreak(line: string): boolean {
  const text = line.replace(/^\s*(\/\*\*|\*|\/\/|- |#+ )?\s*/, "").replaceAll(/\[[^\]]*\]\([^)]*\)/g, "link");
  return text.includes(" ");
}
