import { createStore } from "../state/store.ts";

const KEY = "epoque.token";

/** The token of this tab, gone with it: `undefined` asks for one. */
export const token = createStore<string | undefined>(sessionStorage.getItem(KEY) ?? undefined);

token.subscribe(() => {
  const value = token.get();
  if (value === undefined) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, value);
});

/** Takes the one-time code out of the page's address, so that it is in no history and in no copied link. */
export function takeCode(): string | undefined {
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  if (code === null) return undefined;
  history.replaceState(history.state, "", location.pathname + location.search);
  return code;
}
