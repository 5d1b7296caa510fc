/** A page of a list. */
export interface Page<Item> {
  data: Item[];
  page_info: { has_next_page: boolean; has_prev_page: boolean; start_cursor?: string; end_cursor?: string };
}

/** Page of a list: the first so many after a cursor, or the last so many before one. At most 100. */
export interface PageRequest {
  first?: number;
  after?: string;
  last?: number;
  before?: string;
}

/** Yields all items of a list; a page is read when it is reached. */
export async function* pages<Item>(
  read: (page: PageRequest) => Promise<Page<Item>>,
  first = 100,
): AsyncGenerator<Item, void> {
  for (let after: string | undefined; ; ) {
    const { data, page_info } = await read({ first, ...(after !== undefined && { after }) });
    yield* data;
    after = page_info.end_cursor;
    if (!page_info.has_next_page || after === undefined) return;
  }
}

/** Makes a query string of what is set; a list repeats its name. */
export function query(parameters: object): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) search.append(name, one instanceof Date ? one.toISOString() : String(one));
    }
  }
  return search.size === 0 ? "" : `?${search}`;
}
