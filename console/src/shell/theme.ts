import { createStore } from "../state/store.ts";

const KEY = "epoque.theme";

export type Theme = "system" | "light" | "dark";

const system = matchMedia("(prefers-color-scheme: dark)");

export const theme = createStore<Theme>(readTheme());

/** Keeps the page in the chosen theme. */
export function applyTheme(): void {
  const apply = () => {
    const chosen = theme.get();
    document.documentElement.dataset["theme"] = chosen === "system" ? (system.matches ? "dark" : "light") : chosen;
  };
  theme.subscribe(() => {
    localStorage.setItem(KEY, theme.get());
    apply();
  });
  system.addEventListener("change", apply);
  apply();
}

function readTheme(): Theme {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}
