import { useSyncExternalStore } from "react";

/** Whether the page has the width of a phone; the same border as Tailwind's `md`. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => narrow.matches);
}

const narrow = matchMedia("(width < 48rem)");

function subscribe(listener: () => void): () => void {
  narrow.addEventListener("change", listener);
  return () => narrow.removeEventListener("change", listener);
}
