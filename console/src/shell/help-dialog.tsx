import { createStore, useStore } from "../state/store.ts";
import { Dialog } from "../ui/dialog.tsx";
import { useShortcuts } from "./shortcuts.ts";

const isOpen = createStore(false);

export function openHelp(): void {
  isOpen.set(true);
}

const keys: readonly [string, string][] = [
  ["J", "the next one in a list"],
  ["K", "the one before"],
  ["Enter", "open it"],
  ["X", "select it"],
  ["F", "filter"],
  ["R", "run again, then Enter"],
  ["E", "edit the input and run again"],
  ["C", "cancel, or abort what runs"],
  ["?", "this help"],
];

/** Lists the keys of the console; opens with `?`. */
export function HelpDialog() {
  useShortcuts({ "?": openHelp });
  if (!useStore(isOpen)) return null;
  return (
    <Dialog title="Keys" onClose={() => isOpen.set(false)}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2 pt-2">
        {keys.map(([key, does]) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="inline-block min-w-7 rounded-md border border-strong-line bg-sunken px-1.5 py-0.5 text-center font-mono text-xs">
                {key}
              </kbd>
            </dt>
            <dd className="text-muted">{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
