import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { childrenQuery } from "../api/execution.ts";
import type { Execution } from "../api/types.ts";
import { classes } from "../ui/classes.ts";
import { Empty } from "../ui/empty.tsx";
import { ExecutionLine } from "./execution-line.tsx";

/** Executions that this one has enqueued, and theirs, as a tree. */
export function ChildrenTab({ id }: { id: string }) {
  const { data, error } = useQuery(childrenQuery(id));
  if (error !== null) return <Empty title="They could not be loaded">{error.message}</Empty>;
  if (data === undefined) return <div className="h-40" aria-busy="true" />;
  if (data.length === 0) {
    return <Empty title="No children">A function that calls another one becomes its parent.</Empty>;
  }
  return (
    <ul className="px-2 py-2">
      {data.map((child) => (
        <Branch key={child.id} execution={child} />
      ))}
    </ul>
  );
}

function Branch({ execution }: { execution: Execution }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <li>
      <div className="flex items-center">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-label={`Children of ${execution.function_name} ${execution.id.slice(-6)}`}
          onClick={() => setIsOpen(!isOpen)}
          className="rounded p-1 text-muted hover:bg-sunken hover:text-text"
        >
          <ChevronRight className={classes("size-4 transition-transform", isOpen && "rotate-90")} aria-hidden="true" />
        </button>
        <ExecutionLine execution={execution} />
      </div>
      {isOpen && (
        <div className="ml-3 border-l border-line pl-2">
          <Grandchildren id={execution.id} />
        </div>
      )}
    </li>
  );
}

function Grandchildren({ id }: { id: string }) {
  const { data } = useQuery(childrenQuery(id));
  if (data === undefined) return null;
  if (data.length === 0) return <p className="px-2 py-1.5 text-xs text-muted">no children of its own</p>;
  return (
    <ul>
      {data.map((child) => (
        <Branch key={child.id} execution={child} />
      ))}
    </ul>
  );
}
