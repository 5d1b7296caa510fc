import { useQuery } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";
import { CalendarClock, HeartPulse, LayoutList, ListChecks, SquareFunction } from "lucide-react";
import type { ComponentType } from "react";
import { callerQuery } from "../api/access.ts";
import { Badge } from "../ui/badge.tsx";
import { Logo } from "../ui/logo.tsx";
import { HelpDialog } from "./help-dialog.tsx";
import { OfflineBanner } from "./offline-banner.tsx";
import { SettingsMenu } from "./settings-menu.tsx";

interface Screen {
  to: "/" | "/executions" | "/functions" | "/schedules" | "/bulk";
  label: string;
  /** For the bar at the bottom of a phone. */
  shortLabel: string;
  Icon: ComponentType<{ className?: string }>;
}

const screens: readonly Screen[] = [
  { to: "/", label: "Needs attention", shortLabel: "Attention", Icon: HeartPulse },
  { to: "/executions", label: "Executions", shortLabel: "Executions", Icon: LayoutList },
  { to: "/functions", label: "Functions", shortLabel: "Functions", Icon: SquareFunction },
  { to: "/schedules", label: "Schedules", shortLabel: "Schedules", Icon: CalendarClock },
  { to: "/bulk", label: "Bulk", shortLabel: "Bulk", Icon: ListChecks },
];

/** The frame around every screen: a sidebar, on a phone a bar at the bottom. */
export function Shell() {
  return (
    <div className="flex min-h-dvh flex-col md:flex-row">
      <a
        href="#screen"
        className="sr-only rounded-lg bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50"
      >
        Skip to the screen
      </a>
      <header className="sticky top-0 z-30 flex h-12 items-center justify-between border-b border-line bg-surface px-4 md:hidden">
        <Link to="/" className="flex items-center gap-2 font-semibold tracking-tight">
          <Logo className="size-6" /> Epoque
        </Link>
        <span className="flex items-center gap-2">
          <ReadOnly />
          <SettingsMenu />
        </span>
      </header>
      <header className="sticky top-0 hidden h-dvh w-56 shrink-0 flex-col border-r border-line bg-surface md:flex">
        <div className="flex h-14 items-center px-4">
          <Link to="/" className="flex items-center gap-2.5 text-base font-semibold tracking-tight">
            <Logo className="size-7" /> Epoque
          </Link>
        </div>
        <nav aria-label="Screens" className="flex flex-1 flex-col gap-0.5 px-2.5 py-2">
          {screens.map(({ to, label, Icon }) => (
            <Link
              key={to}
              to={to}
              activeOptions={{ exact: to === "/", includeSearch: false }}
              className="flex h-9 items-center gap-2.5 rounded-lg px-2.5 font-medium text-muted hover:bg-sunken hover:text-text"
              activeProps={{ className: "!bg-accent-soft !text-accent-text", "aria-current": "page" }}
            >
              <Icon className="size-4" aria-hidden="true" />
              {label}
            </Link>
          ))}
        </nav>
        <div className="flex items-center gap-2 border-t border-line p-2.5">
          <SettingsMenu isWide />
          <ReadOnly />
        </div>
      </header>
      <div className="flex min-w-0 flex-1 flex-col pb-16 md:pb-0">
        <OfflineBanner />
        <main id="screen" tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-none">
          <Outlet />
        </main>
      </div>
      <nav
        aria-label="Screens"
        className="fixed inset-x-0 bottom-0 z-30 flex h-16 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
      >
        {screens.map(({ to, shortLabel, Icon }) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ exact: to === "/", includeSearch: false }}
            className="flex min-w-0 flex-1 flex-col items-center justify-center gap-1 text-[11px] font-medium text-muted"
            activeProps={{ className: "!text-accent-text", "aria-current": "page" }}
          >
            <Icon className="size-5" aria-hidden="true" />
            {shortLabel}
          </Link>
        ))}
      </nav>
      <HelpDialog />
    </div>
  );
}

/** Marks a token that changes nothing: why there are no buttons. */
function ReadOnly() {
  const { data: caller } = useQuery(callerQuery);
  const isReadOnly = caller !== undefined && !caller.scopes.some((scope) => scope === "control" || scope === "admin");
  return isReadOnly && <Badge look="wait">Read-only</Badge>;
}
