import { createStore, type Store } from "../state/store.ts";

/** A store that the browser keeps for the next visit. What it holds is checked by `read`, since anybody can edit it. */
export function keptStore<Value>(key: string, read: (kept: unknown) => Value): Store<Value> {
  const store = createStore(read(parse(localStorage.getItem(key))));
  store.subscribe(() => localStorage.setItem(key, JSON.stringify(store.get())));
  return store;
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}
