/** A piece of a JSON text. Keys are strings that a colon follows. */
export interface Token {
  kind: "key" | "string" | "number" | "word" | "punctuation";
  text: string;
}

const TOKEN = /("(?:[^"\\]|\\.)*"?)|(-?\d[\d.eE+-]*)|([a-zA-Z]+)|([[\]{},:])|\s+|(.)/gsu;

/**
 * Splits a JSON text, and leaves everything in it as it was written: `JSON.parse` would change 2^53 + 1 and `1e400`.
 */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (const [, string, number, word, punctuation, other] of text.matchAll(TOKEN)) {
    if (string !== undefined) tokens.push({ kind: "string", text: string });
    else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (word !== undefined) tokens.push({ kind: "word", text: word });
    else if (punctuation !== undefined) tokens.push({ kind: "punctuation", text: punctuation });
    else if (other !== undefined) tokens.push({ kind: "word", text: other });
  }
  return tokens.map((token, index) =>
    token.kind === "string" && tokens[index + 1]?.text === ":" ? { ...token, kind: "key" } : token,
  );
}

/** A line of formatted JSON: how deep it is, and its pieces. */
export interface Line {
  depth: number;
  tokens: Token[];
}

/** Lays a JSON text out: one entry a line, what is empty in one. */
export function layOut(text: string): Line[] {
  const lines: Line[] = [];
  let line: Line = { depth: 0, tokens: [] };
  const breakLine = (depth: number) => {
    if (line.tokens.length > 0) lines.push(line);
    line = { depth, tokens: [] };
  };
  const tokens = tokensOf(text);
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    const isOpening = token.text === "{" || token.text === "[";
    const isClosing = token.text === "}" || token.text === "]";
    const closesEmpty = isClosing && /^[[{]$/.test(tokens[index - 1]?.text ?? "");
    if (token.kind !== "punctuation") {
      line.tokens.push(token);
      continue;
    }
    if (isClosing && !closesEmpty) breakLine(depth - 1);
    line.tokens.push(token);
    if (isOpening) depth += 1;
    if (isClosing) depth -= 1;
    if (token.text === "," || (isOpening && !/^[\]}]$/.test(tokens[index + 1]?.text ?? ""))) breakLine(depth);
  }
  breakLine(0);
  return lines;
}

/** Formats a JSON text with two spaces of indentation, numbers as they were written. */
export function formatJson(text: string): string {
  return layOut(text)
    .map(({ depth, tokens }) => "  ".repeat(Math.max(depth, 0)) + tokens.map(spaced).join(""))
    .join("\n");
}

function spaced({ kind, text }: Token): string {
  return kind === "punctuation" && text === ":" ? ": " : text;
}
