import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** How many obsolete lines to allow before rewriting the file. */
const MAX_OUTDATED = 1_000;

/**
 * Values by key, in a file to which every change appends one line: a change survives a crash once `put` or `remove` has
 * returned. Only the owner can read the file. Without a file nothing is kept.
 */
export class AppendLog {
  readonly #file: string | undefined;
  readonly #lines = new Map<string, string>();
  #written = 0;

  constructor(file: string | undefined) {
    this.#file = file;
    if (file === undefined) return;
    mkdirSync(dirname(file), { recursive: true });
    for (const [key, value] of readChanges(file)) {
      if (value === undefined) this.#lines.delete(key);
      else this.#lines.set(key, lineOf(key, value));
    }
    // Drops a torn last line.
    this.#rewrite(file);
  }

  /** Returns the kept values. */
  *entries(): Generator<[key: string, value: unknown]> {
    for (const line of this.#lines.values()) yield JSON.parse(line) as [string, unknown];
  }

  put(key: string, value: object): void {
    const line = lineOf(key, value);
    if (this.#file !== undefined) this.#lines.set(key, line);
    this.#append(line);
  }

  remove(key: string): void {
    this.#lines.delete(key);
    this.#append(lineOf(key));
  }

  #append(line: string): void {
    if (this.#file === undefined) return;
    appendFileSync(this.#file, line, { mode: 0o600 });
    this.#written += 1;
    if (this.#written > 2 * this.#lines.size + MAX_OUTDATED) this.#rewrite(this.#file);
  }

  #rewrite(file: string): void {
    const next = `${file}.new`;
    writeFileSync(next, [...this.#lines.values()].join(""), { mode: 0o600 });
    renameSync(next, file);
    this.#written = this.#lines.size;
  }
}

function lineOf(key: string, value?: unknown): string {
  return `${JSON.stringify(value === undefined ? [key] : [key, value])}\n`;
}

function readChanges(file: string): [key: string, value?: unknown][] {
  try {
    // A line without an end is torn.
    const lines = readFileSync(file, "utf-8").split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line) as [string, unknown]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
