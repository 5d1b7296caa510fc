import { lazy, Suspense } from "react";

export interface EditorProps {
  /** Names it for screen readers. */
  label: string;
  /** Text to begin with. */
  initial: string;
  onChange: (text: string) => void;
}

const CodeMirror = lazy(() => import("./code-mirror.tsx"));

/** An editor for JSON. It is loaded when it is first needed. */
export function Editor(props: EditorProps) {
  return (
    <Suspense fallback={<div className="h-40 rounded-lg border border-strong-line bg-sunken" aria-busy="true" />}>
      <CodeMirror {...props} />
    </Suspense>
  );
}
