import { keptStore } from "../ui/kept.ts";

/** Filters under a name. */
export interface View {
  name: string;
  /** Filters as an address has them: `state=failed&since=1h`. */
  search: string;
}

export const standardViews: readonly View[] = [
  { name: "All", search: "" },
  { name: "Failed in the last hour", search: "state=failed&since=1h" },
  { name: "Failed today", search: "state=failed&since=24h" },
  { name: "Running now", search: "state=started,aborting" },
  { name: "Waiting", search: "state=created" },
];

/** Views that somebody has saved in this browser. */
export const savedViews = keptStore<readonly View[]>("epoque.views", (kept) =>
  Array.isArray(kept) ? kept.filter(isView) : [],
);

function isView(value: unknown): value is View {
  const { name, search } = (value ?? {}) as Partial<View>;
  return typeof name === "string" && typeof search === "string";
}
