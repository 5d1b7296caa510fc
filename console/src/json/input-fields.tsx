import type { Input } from "../api/actions.ts";
import { Editor } from "./editor.tsx";

/** Editors for the arguments and the metadata of an execution. */
export function InputFields({ initial, onChange }: { initial: Input; onChange: (change: Partial<Input>) => void }) {
  return (
    <div className="space-y-4">
      <div>
        <p className="mb-1 font-medium">Arguments</p>
        <Editor label="Arguments" initial={initial.arguments} onChange={(text) => onChange({ arguments: text })} />
        <p className="mt-1 text-xs text-muted">A JSON array: one entry for each parameter of the function.</p>
      </div>
      <div>
        <p className="mb-1 font-medium">Metadata</p>
        <Editor label="Metadata" initial={initial.metadata} onChange={(text) => onChange({ metadata: text })} />
      </div>
    </div>
  );
}

/** Says what is wrong with an input; `undefined` when nothing is. */
export function problemWith(input: Input): string | undefined {
  const args = parse(input.arguments);
  if (args === undefined) return "The arguments are not valid JSON.";
  if (!Array.isArray(args.value)) return "The arguments must be a JSON array: [first, second].";
  const metadata = parse(input.metadata);
  const isObject = typeof metadata?.value === "object" && metadata.value !== null && !Array.isArray(metadata.value);
  return isObject ? undefined : "The metadata must be a JSON object of texts.";
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
