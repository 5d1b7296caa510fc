import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ChevronDown, Search, X } from "lucide-react";
import { type FormEvent, Fragment, lazy, type ReactNode, Suspense, useRef, useState } from "react";
import { functionsQuery } from "../api/functions.ts";
import { listIn, METADATA, times } from "../parts/filters.ts";
import { useShortcuts } from "../shell/shortcuts.ts";
import type { TextSearch } from "../state/text-search.ts";
import { Button } from "../ui/button.tsx";
import { Menu, MenuCheckItem, MenuItem, MenuSeparator } from "../ui/menu.tsx";
import { allStates, stateLooks } from "../ui/state-badge.tsx";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Periods to choose from, each for one of the times. */
const periods = [
  { prefix: "", name: "since", spans: ["15m", "1h", "24h", "7d"] },
  { prefix: "due.", name: "within", spans: ["1h", "24h"] },
  { prefix: "started.", name: "since", spans: ["15m", "1h", "24h"] },
];

const spanWords: Readonly<Record<string, string>> = {
  "15m": "15 minutes",
  "1h": "hour",
  "24h": "24 hours",
  "7d": "7 days",
};

const errorCodes = [
  { value: "ER0000", label: "ER0000: it threw, or was lost" },
  { value: "ER0001", label: "ER0001: it took too long" },
  { value: "ER0002", label: "ER0002: it ran out of memory" },
  { value: "ER0003", label: "ER0003: its process ended" },
];

/** Controls for every filter of the API. */
export function FilterBar({ search, onChange }: { search: TextSearch; onChange: (change: TextSearch) => void }) {
  const functions = useQuery(functionsQuery);
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [isChoosing, setIsChoosing] = useState(false);
  useShortcuts({ f: () => input.current?.focus() });

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const typed = input.current?.value.trim() ?? "";
    if (typed === "") return;
    if (input.current !== null) input.current.value = "";
    const [, key, value] = /^([^=\s]+)=(.+)$/.exec(typed) ?? [];
    if (UUID.test(typed.split(".")[0] ?? "")) {
      void navigate({ to: "/executions/$id", params: { id: typed.toLowerCase() } });
    } else if (key !== undefined) onChange({ [METADATA + key]: value });
    else onChange({ function: typed });
  }

  const toggle = (name: string, value: string) => {
    const values = listIn(search[name]);
    const next = values.includes(value) ? values.filter((each) => each !== value) : [...values, value];
    onChange({ [name]: next.join(",") });
  };
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 pb-3 md:px-6">
      <form onSubmit={submit} className="relative w-full sm:w-72">
        <Search className="absolute top-2 left-2.5 size-4 text-muted" aria-hidden="true" />
        <input
          ref={input}
          aria-label="Filter: an id, a function, or key=value of the metadata"
          placeholder="id, function, or customer=acme"
          spellCheck={false}
          className="h-8 w-full rounded-lg border border-strong-line bg-surface pr-8 pl-8 shadow-card placeholder:text-muted"
        />
        <span className="pointer-events-none absolute top-1.5 right-2 rounded border border-line px-1.5 font-mono text-xs text-muted">
          F
        </span>
      </form>
      <div className="flex gap-2 max-sm:-mx-4 max-sm:w-[calc(100%+2rem)] max-sm:overflow-x-auto max-sm:px-4 max-sm:pb-1">
        <FilterMenu label="State">
          {allStates.map((state) => (
            <MenuCheckItem
              key={state}
              isChecked={listIn(search["state"]).includes(state)}
              onChange={() => toggle("state", state)}
            >
              {stateLooks[state].label}
            </MenuCheckItem>
          ))}
        </FilterMenu>
        <FilterMenu label="Function">
          {(functions.data ?? []).map(({ name }) => (
            <MenuCheckItem
              key={name}
              isChecked={listIn(search["function"]).includes(name)}
              onChange={() => toggle("function", name)}
            >
              {name}
            </MenuCheckItem>
          ))}
        </FilterMenu>
        <FilterMenu label="Time">
          {periods.map(({ prefix, name, spans }) => (
            <Fragment key={prefix}>
              {spans.map((span) => (
                <MenuItem key={span} onSelect={() => onChange(periodChange(prefix, { [name]: span }))}>
                  {describeFilter(prefix + name, span)}
                </MenuItem>
              ))}
              <MenuSeparator />
            </Fragment>
          ))}
          <MenuItem onSelect={() => setIsChoosing(true)}>From … to …</MenuItem>
        </FilterMenu>
        <FilterMenu label="Error code">
          {errorCodes.map(({ value, label }) => (
            <MenuCheckItem
              key={value}
              isChecked={listIn(search["error"]).includes(value)}
              onChange={() => toggle("error", value)}
            >
              {label}
            </MenuCheckItem>
          ))}
        </FilterMenu>
      </div>
      <ActiveFilters search={search} onChange={onChange} />
      {isChoosing && (
        <Suspense>
          <PeriodDialog
            onChoose={(prefix, period) => onChange(periodChange(prefix, period))}
            onClose={() => setIsChoosing(false)}
          />
        </Suspense>
      )}
    </div>
  );
}

const PeriodDialog = lazy(() => import("./period-dialog.tsx"));

/** Replaces what an address says about one of the times. */
function periodChange(prefix: string, period: TextSearch): TextSearch {
  const change = { since: "", within: "", from: "", to: "", ...period };
  return Object.fromEntries(Object.entries(change).map(([name, value]) => [prefix + name, value]));
}

function FilterMenu({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Menu
      align="start"
      trigger={
        <Button>
          {label}
          <ChevronDown className="size-3.5 text-muted" aria-hidden="true" />
        </Button>
      }
    >
      {children}
    </Menu>
  );
}

/** Filters that are set, each with a button that takes it away. */
function ActiveFilters({ search, onChange }: { search: TextSearch; onChange: (change: TextSearch) => void }) {
  const active = Object.entries(search).flatMap(([name, value]) => {
    const text = value === undefined ? undefined : describeFilter(name, value);
    return text === undefined ? [] : [{ name, text }];
  });
  if (active.length === 0) return null;
  return (
    <div className="flex w-full flex-wrap items-center gap-1.5">
      {active.map(({ name, text }) => (
        <span
          key={name}
          className="flex h-7 max-w-full items-center gap-1 rounded-full bg-accent-soft pr-1 pl-3 text-xs font-medium text-accent-text"
        >
          <span className="truncate">{text}</span>
          <button
            type="button"
            aria-label={`Remove the filter ${text}`}
            onClick={() => onChange({ [name]: "" })}
            className="rounded-full p-1 hover:bg-surface"
          >
            <X className="size-3.5" aria-hidden="true" />
          </button>
        </span>
      ))}
      <Button
        kind="quiet"
        onClick={() => onChange(Object.fromEntries(active.map(({ name }) => [name, ""])))}
        className="h-7 px-2 text-xs"
      >
        Clear
      </Button>
    </div>
  );
}

const periodWords: Readonly<Record<string, (value: string) => string>> = {
  since: (value) => `in the last ${spanWords[value] ?? value}`,
  within: (value) => `in the next ${spanWords[value] ?? value}`,
  from: (value) => `from ${momentText(value)}`,
  to: (value) => `until ${momentText(value)}`,
};

function momentText(value: string): string {
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? value : new Date(ms).toLocaleString();
}

function describeFilter(name: string, value: string): string | undefined {
  if (name.startsWith(METADATA)) return `${name.slice(METADATA.length)} = ${value}`;
  const [, prefix, which = ""] = /^(due\.|started\.|)(since|within|from|to)$/.exec(name) ?? [];
  const time = times.find((each) => each.prefix === prefix);
  if (time !== undefined) return `${time.label} ${periodWords[which]?.(value) ?? ""}`;
  switch (name) {
    case "state":
      return listIn(value)
        .map((state) => (state in stateLooks ? stateLooks[state as keyof typeof stateLooks].label : state))
        .join(" or ");
    case "function":
      return listIn(value).join(" or ");
    case "error":
      return listIn(value).join(" or ");
    case "fingerprint":
      return "One kind of failure";
    case "parent":
      return `Children of ${value}`;
    case "rerun_of":
      return `Re-runs of ${value}`;
    case "schedule":
      return `Schedule ${value}`;
    default:
      return undefined;
  }
}
