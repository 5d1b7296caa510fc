import { Keyboard, LogOut, Monitor, Moon, Settings, Sun } from "lucide-react";
import { queryClient } from "../api/query-client.ts";
import { token } from "../api/token.ts";
import { useStore } from "../state/store.ts";
import { classes } from "../ui/classes.ts";
import { Menu, MenuItem, MenuLabel, MenuSeparator } from "../ui/menu.tsx";
import { openHelp } from "./help-dialog.tsx";
import { type Theme, theme } from "./theme.ts";

const themes: readonly { value: Theme; label: string; Icon: typeof Sun }[] = [
  { value: "system", label: "As the system", Icon: Monitor },
  { value: "light", label: "Light", Icon: Sun },
  { value: "dark", label: "Dark", Icon: Moon },
];

/** Theme, keys, signing out. */
export function SettingsMenu({ isWide = false }: { isWide?: boolean }) {
  const current = useStore(theme);
  return (
    <Menu
      align={isWide ? "start" : "end"}
      trigger={
        <button
          type="button"
          aria-label="Settings"
          className={classes(
            "flex h-9 items-center gap-2.5 rounded-lg px-2.5 font-medium text-muted hover:bg-sunken hover:text-text",
            isWide && "flex-1",
          )}
        >
          <Settings className="size-4" aria-hidden="true" />
          {isWide && "Settings"}
        </button>
      }
    >
      <MenuLabel>Theme</MenuLabel>
      {themes.map(({ value, label, Icon }) => (
        <MenuItem key={value} onSelect={() => theme.set(value)}>
          <Icon className="size-4 text-muted" aria-hidden="true" />
          {label}
          {current === value && <span className="ml-auto text-xs text-accent-text">on</span>}
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem onSelect={openHelp}>
        <Keyboard className="size-4 text-muted" aria-hidden="true" /> Keys
      </MenuItem>
      <MenuItem
        onSelect={() => {
          token.set(undefined);
          queryClient.clear();
        }}
      >
        <LogOut className="size-4 text-muted" aria-hidden="true" /> Sign out
      </MenuItem>
    </Menu>
  );
}
