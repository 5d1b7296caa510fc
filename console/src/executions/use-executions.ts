import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { answer, api } from "../api/api.ts";
import { functionsQuery } from "../api/functions.ts";
import { REFRESH_MS } from "../api/query-client.ts";
import type { ApiFilters, Execution } from "../api/types.ts";
import { filtersOf, isFilter } from "../parts/filters.ts";
import type { TextSearch } from "../state/text-search.ts";
import { type Known, type Page, withNewest, withOlder } from "./merge-page.ts";

/** The newest page is read every few seconds; an older one once, by somebody who scrolls. */
const PAGE_SIZE = { newest: 50, older: 100 };

/** The executions that an address asks for: the newest page is kept fresh, older ones are loaded on demand. */
export function useExecutions(search: TextSearch) {
  const client = useQueryClient();
  const functions = useQuery(functionsQuery);
  const key = ["executions", filterText(search)];
  const filters = (): ApiFilters =>
    filtersOf(search, new Map(functions.data?.map(({ name, id }) => [name, id])), Date.now());
  const list = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const page = await readPage(filters(), { first: PAGE_SIZE.newest }, signal);
      return withNewest(client.getQueryData<Known<Execution>>(key), page);
    },
    refetchInterval: REFRESH_MS,
    // A function's name in the address stands for its id.
    enabled: search["function"] === undefined || !functions.isPending,
  });
  const [isLoadingOlder, setIsLoadingOlder] = useState(false);
  const isRunning = useRef(false);
  const next = list.data?.next;
  const loadOlder = async () => {
    if (next === undefined || isRunning.current) return;
    isRunning.current = true;
    setIsLoadingOlder(true);
    try {
      const page = await readPage(filters(), { first: PAGE_SIZE.older, after: next });
      client.setQueryData<Known<Execution>>(key, (known) => known && withOlder(known, page));
    } finally {
      isRunning.current = false;
      setIsLoadingOlder(false);
    }
  };
  return { list, filters, loadOlder, isLoadingOlder, hasOlder: next !== undefined };
}

/** The part of an address that decides what is listed. */
export function filterText(search: TextSearch): string {
  const parts = Object.entries(search).filter(([name]) => isFilter(name));
  return new URLSearchParams(parts as [string, string][]).toString();
}

async function readPage(
  filters: ApiFilters,
  page: { first: number; after?: string },
  signal?: AbortSignal,
): Promise<Page<Execution>> {
  return answer(api.POST("/public/v2/executions", { body: { page, filters }, ...(signal && { signal }) }));
}
