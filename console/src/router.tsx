import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  parseSearchWith,
  stringifySearchWith,
} from "@tanstack/react-router";
import { NotFound, ScreenError } from "./shell/screen-error.tsx";
import { Shell } from "./shell/shell.tsx";
import { textSearch } from "./state/text-search.ts";

/** The code of each screen, loaded when the screen is first shown. */
const screens = {
  attention: () => import("./attention/attention-screen.tsx"),
  executions: () => import("./executions/executions-screen.tsx"),
  execution: () => import("./execution/execution-screen.tsx"),
  functions: () => import("./functions/functions-screen.tsx"),
  schedules: () => import("./schedules/schedules-screen.tsx"),
  bulk: () => import("./bulk/bulk-screen.tsx"),
};

/** The first screen and what it asks for come first. */
const PRELOAD_AFTER_MS = 1_000;

// All that a view shows is in its address, as plain text: `?state=failed&since=1h`.
const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, validateSearch: textSearch });
const view = { getParentRoute: () => root } as const;

const attention = createRoute({
  ...view,
  path: "/",
  component: lazyRouteComponent(screens.attention, "AttentionScreen"),
});
const executions = createRoute({
  ...view,
  path: "/executions",
  component: lazyRouteComponent(screens.executions, "ExecutionsScreen"),
});

const execution = createRoute({
  ...view,
  path: "/executions/$id",
  component: lazyRouteComponent(screens.execution, "ExecutionScreen"),
});

const functions = createRoute({
  ...view,
  path: "/functions",
  component: lazyRouteComponent(screens.functions, "FunctionsScreen"),
});
const schedules = createRoute({
  ...view,
  path: "/schedules",
  component: lazyRouteComponent(screens.schedules, "SchedulesScreen"),
});
const bulk = createRoute({
  ...view,
  path: "/bulk",
  component: lazyRouteComponent(screens.bulk, "BulkScreen"),
});

export const router = createRouter({
  routeTree: root.addChildren([attention, executions, execution, functions, schedules, bulk]),
  basepath: "/console",
  defaultPreload: "intent",
  defaultErrorComponent: ScreenError,
  scrollRestoration: true,
  // A value is text, not JSON: `states=failed` instead of `states="failed"`.
  parseSearch: parseSearchWith((value) => value),
  stringifySearch: stringifySearchWith(String),
});

// The others are loaded before anybody wants them: without a connection there would be the browser's error in their
// place.
const stopPreloading = router.subscribe("onRendered", () => {
  stopPreloading();
  setTimeout(() => {
    for (const load of Object.values(screens)) load().catch(() => {});
  }, PRELOAD_AFTER_MS);
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
