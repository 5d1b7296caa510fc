import { ListChecks } from "lucide-react";
import { useState } from "react";
import type { ApiFilters, BulkAction } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { Menu, MenuItem, MenuLabel } from "../ui/menu.tsx";
import { actionWords } from "./bulk-actions.ts";
import { BulkDialog } from "./bulk-dialog.tsx";

const actions: readonly BulkAction[] = ["rerun", "reschedule", "cancel"];

/** Acts on all executions that the filters of a list match, loaded or not. */
export function BulkMenu({ filters }: { filters: () => ApiFilters }) {
  // The filters as they were when it was opened: an hour ago stays that hour.
  const [asked, setAsked] = useState<{ action: BulkAction; filters: ApiFilters }>();
  return (
    <>
      <Menu
        trigger={
          <Button>
            <ListChecks className="size-4 text-muted max-sm:hidden" aria-hidden="true" /> All that match
          </Button>
        }
      >
        <MenuLabel>All executions that match the filters</MenuLabel>
        {actions.map((action) => (
          <MenuItem
            key={action}
            isDangerous={action === "cancel"}
            onSelect={() => setAsked({ action, filters: filters() })}
          >
            {actionWords[action].verb} …
          </MenuItem>
        ))}
      </Menu>
      {asked && <BulkDialog {...asked} onClose={() => setAsked(undefined)} />}
    </>
  );
}
