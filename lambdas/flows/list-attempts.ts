import { attemptOf, type Execution } from "../core/execution.ts";
import { type Filters, matches } from "../core/filters.ts";
import { attemptKey } from "../core/ids.ts";
import { type Page, type PageRequest, readPage } from "../core/listing/page.ts";
import { isBefore, type Postings } from "../core/listing/postings.ts";
import type { Attempts } from "../core/ports.ts";

/** The attempts of `execution` that `filters` ask for, newest first, page by page. */
export function listAttempts(
  ports: { attempts: Attempts },
  execution: Execution,
  filters: Filters,
  request: PageRequest,
): Promise<Page<Execution>> {
  return readPage<string, Execution>(
    {
      // Attempts are numbered without a gap: nothing needs to be read to know which there are.
      async open(direction, from): Promise<Postings> {
        const keys = Array.from({ length: execution.attempt }, (_, index) => attemptKey(index + 1));
        if (direction === "newestFirst") keys.reverse();
        const wanted = keys.filter((key) => from === undefined || !isBefore(key, from, direction));
        const iterator = wanted.values();
        return {
          async next() {
            const { value, done } = iterator.next();
            return done ? { stopped: "end" } : { key: value };
          },
        };
      },
      async fetch(keys) {
        const numbers = keys.map(Number).filter((number) => number < execution.attempt);
        const ended = await ports.attempts.getMany(execution.id, numbers);
        const attempts = keys.map((key) => [key, attemptOf(execution, Number(key), ended.get(Number(key)))] as const);
        return new Map(
          attempts.filter(
            (entry): entry is [string, Execution] => entry[1] !== undefined && matches(entry[1], filters),
          ),
        );
      },
    },
    request,
  );
}
