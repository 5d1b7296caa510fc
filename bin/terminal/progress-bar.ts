import type { Terminal } from "./terminal.ts";

const CELLS = 24;

export interface ProgressBar {
  update(done: number, total: number): void;
  /** Removes it. */
  end(): void;
}

/** Draws how far long work has come; on a terminal only. */
export function progressBar({ redraw }: Pick<Terminal, "redraw">, label: string, now: () => number): ProgressBar {
  const startedAtMs = now();
  return {
    update(done, total) {
      const share = total === 0 ? 1 : Math.min(1, done / total);
      const full = Math.round(share * CELLS);
      const bar = "█".repeat(full) + "░".repeat(CELLS - full);
      const perSecond = done / Math.max(1, (now() - startedAtMs) / 1_000);
      const count = `${done.toLocaleString("en")}/${total.toLocaleString("en")}`;
      redraw(`${label}  ${bar}  ${Math.floor(share * 100)}%  ${count}  ${perSecond.toFixed(perSecond < 10 ? 1 : 0)}/s`);
    },
    end: () => redraw(""),
  };
}
