import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Bookmark, Columns3, ListX } from "lucide-react";
import { useState } from "react";
import { useCan } from "../api/access.ts";
import { askCancel, askRerun } from "../parts/ask.ts";
import { BulkMenu } from "../parts/bulk-menu.tsx";
import { columns, shownColumns } from "../parts/columns.tsx";
import { useStore } from "../state/store.ts";
import { type TextSearch, textSearch } from "../state/text-search.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { Empty } from "../ui/empty.tsx";
import { Menu, MenuCheckItem, MenuItem, MenuLabel, MenuSeparator } from "../ui/menu.tsx";
import { notifyError } from "../ui/notices.tsx";
import { RowsLoading } from "../ui/rows-loading.tsx";
import { ScreenHeader } from "../ui/screen-header.tsx";
import { ExecutionsTable } from "./executions-table.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { SaveViewDialog } from "./save-view-dialog.tsx";
import { SelectionBar } from "./selection-bar.tsx";
import { filterText, useExecutions } from "./use-executions.ts";
import { savedViews, standardViews } from "./views.ts";

/** Every execution: found by filters, live, acted on one by one or many at once. */
export function ExecutionsScreen() {
  const search = useSearch({ from: "/executions" });
  const navigate = useNavigate({ from: "/executions" });
  const change = (changes: TextSearch) =>
    void navigate({ search: textSearch({ ...search, ...changes }), replace: true });
  const { list, filters, loadOlder, isLoadingOlder, hasOlder } = useExecutions(search);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const canControl = useCan("control");
  const rows = list.data?.rows ?? [];
  const onSelect = (ids: readonly string[], isSelected: boolean) => {
    setSelected((current) => {
      const rest = [...current].filter((id) => !ids.includes(id));
      return new Set(isSelected ? [...rest, ...ids] : rest);
    });
  };
  return (
    <>
      <ScreenHeader title="Executions">
        {canControl && filterText(search) !== "" && <BulkMenu filters={filters} />}
        <ViewsMenu current={filterText(search)} />
        <ColumnsMenu />
      </ScreenHeader>
      <FilterBar search={search} onChange={change} />
      {list.isPending ? (
        <RowsLoading />
      ) : list.isError && rows.length === 0 ? (
        <Empty
          title="The list could not be loaded"
          action={<Button onClick={() => void list.refetch()}>Try again</Button>}
        >
          {list.error.message}
        </Empty>
      ) : rows.length === 0 && !hasOlder ? (
        <NothingHere isFiltered={filterText(search) !== ""} />
      ) : (
        <ExecutionsTable
          rows={rows}
          selected={selected}
          onSelect={onSelect}
          onEnd={() => void loadOlder().catch(notifyError)}
          canSelect={canControl}
          shortcuts={
            canControl
              ? { r: (execution) => void askRerun(execution), c: (execution) => void askCancel(execution) }
              : {}
          }
        />
      )}
      {selected.size > 0 && (
        <SelectionBar
          selected={rows.filter(({ id }) => selected.has(id))}
          onDone={(ids) => onSelect(ids, false)}
          onClear={() => setSelected(new Set())}
        />
      )}
      <p role="status" className="px-6 py-4 text-center text-xs text-muted">
        {isLoadingOlder ? "Looking further back …" : rows.length > 0 && !hasOlder ? "That is all." : ""}
      </p>
    </>
  );
}

function NothingHere({ isFiltered }: { isFiltered: boolean }) {
  return (
    <Empty
      icon={<ListX className="size-6" aria-hidden="true" />}
      title={isFiltered ? "Nothing matches these filters" : "Nothing has run yet"}
      action={
        !isFiltered && (
          <Link to="/functions" className={buttonClass()}>
            To the functions
          </Link>
        )
      }
    >
      {isFiltered
        ? "Take a filter away, or look further back in time."
        : "Call a function with @defer/client, or run one by hand. It appears here by itself."}
    </Empty>
  );
}

function ColumnsMenu() {
  const shown = useStore(shownColumns);
  return (
    <Menu
      trigger={
        <Button className="max-md:hidden">
          <Columns3 className="size-4 text-muted" aria-hidden="true" /> Columns
        </Button>
      }
    >
      {columns.map(({ id, label }) => (
        <MenuCheckItem
          key={id}
          isChecked={shown.includes(id)}
          onChange={(isShown) => shownColumns.set(isShown ? [...shown, id] : shown.filter((each) => each !== id))}
        >
          {label}
        </MenuCheckItem>
      ))}
    </Menu>
  );
}

function ViewsMenu({ current }: { current: string }) {
  const saved = useStore(savedViews);
  const [isSaving, setIsSaving] = useState(false);
  const navigate = useNavigate();
  const open = (text: string) =>
    void navigate({ to: "/executions", search: Object.fromEntries(new URLSearchParams(text)) });
  return (
    <>
      <Menu
        trigger={
          <Button>
            <Bookmark className="size-4 text-muted max-sm:hidden" aria-hidden="true" /> Views
          </Button>
        }
      >
        {standardViews.map(({ name, search }) => (
          <MenuItem key={name} onSelect={() => open(search)}>
            {name}
          </MenuItem>
        ))}
        {saved.length > 0 && <MenuLabel>Saved in this browser</MenuLabel>}
        {saved.map(({ name, search }) => (
          <MenuItem key={name} onSelect={() => open(search)}>
            <span className="truncate">{name}</span>
          </MenuItem>
        ))}
        <MenuSeparator />
        <MenuItem onSelect={() => setIsSaving(true)} disabled={current === ""}>
          Save these filters …
        </MenuItem>
        {saved.some(({ search }) => search === current) && (
          <MenuItem isDangerous onSelect={() => savedViews.set(saved.filter(({ search }) => search !== current))}>
            Forget this view
          </MenuItem>
        )}
      </Menu>
      {isSaving && <SaveViewDialog search={current} onClose={() => setIsSaving(false)} />}
    </>
  );
}
