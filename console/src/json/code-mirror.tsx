import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import type { EditorProps } from "./editor.tsx";

const look = EditorView.theme({
  "&": { color: "var(--text)", backgroundColor: "transparent", fontSize: "13px", height: "100%" },
  "&.cm-focused": { outline: "none" },
  ".cm-content": { fontFamily: "var(--editor-font)", padding: "0.6rem 0", caretColor: "var(--text)" },
  ".cm-line": { padding: "0 0.75rem" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--accent-soft) !important" },
});

const colors = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--accent-text)" },
  { tag: tags.string, color: "var(--good)" },
  { tag: tags.number, color: "var(--busy)" },
  { tag: [tags.bool, tags.null], color: "var(--wait)" },
]);

/**
 * CodeMirror in a shadow root: its styles are adopted there, and need no style element, which the page's policy
 * forbids.
 */
export default function CodeMirror({ label, initial, onChange }: EditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const latest = useRef({ label, initial, onChange });
  latest.current.onChange = onChange;
  useEffect(() => {
    if (host.current === null) return;
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: "open" });
    const view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: latest.current.initial,
        extensions: [
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          json(),
          look,
          syntaxHighlighting(colors),
          EditorView.lineWrapping,
          // Tab leaves the editor, as it leaves any field.
          keymap.of([...defaultKeymap, ...historyKeymap]),
          EditorView.contentAttributes.of({ "aria-label": latest.current.label }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    return () => view.destroy();
  }, []);
  return (
    <div
      ref={host}
      className="max-h-72 min-h-28 overflow-auto rounded-lg border border-strong-line bg-surface focus-within:outline-2 focus-within:outline-accent"
    />
  );
}
