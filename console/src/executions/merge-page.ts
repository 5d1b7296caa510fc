/** A list as far as it is known: newest first, without gaps. */
export interface Known<Row> {
  rows: readonly Row[];
  /** Cursor of the rest; `undefined` when there is none. */
  next: string | undefined;
}

/** A page as the API answers it. */
export interface Page<Row> {
  data: readonly Row[];
  page_info: { has_next_page: boolean; end_cursor?: string | undefined };
}

/**
 * Puts the newest page, asked for anew, in front of what is known. It replaces what it covers, so that what no longer
 * matches goes. Where more came than fits a page there would be a gap: then the page alone is known.
 */
export function withNewest<Row extends { id: string }>(known: Known<Row> | undefined, page: Page<Row>): Known<Row> {
  const alone = { rows: page.data, next: nextOf(page) };
  const oldest = page.data.at(-1);
  const newestKnown = known?.rows[0];
  if (known === undefined || newestKnown === undefined || oldest === undefined || alone.next === undefined)
    return alone;
  // Ids are in the order of creation.
  if (oldest.id > newestKnown.id) return alone;
  return { rows: [...page.data, ...known.rows.filter(({ id }) => id < oldest.id)], next: known.next };
}

/** Adds the page that follows. */
export function withOlder<Row extends { id: string }>(known: Known<Row>, page: Page<Row>): Known<Row> {
  const last = known.rows.at(-1);
  const older = last === undefined ? page.data : page.data.filter(({ id }) => id < last.id);
  return { rows: [...known.rows, ...older], next: nextOf(page) };
}

function nextOf({ page_info: { has_next_page, end_cursor } }: Page<unknown>): string | undefined {
  return has_next_page ? end_cursor : undefined;
}
