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
import { textSearch } from "./text-search.ts";

// All that a view shows is in its address, as plain text: `?state=failed&since=1h`.
const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, validateSearch: textSearch });
const view = { getParentRoute: () => root } as const;

const attention = createRoute({
  ...view,
  path: "/",
  component: lazyRouteComponent(() => import("./attention/attention-screen.tsx"), "AttentionScreen"),
});
const executions = createRoute({
  ...view,
  path: "/executions",
  component: lazyRouteComponent(() => import("./executions/executions-screen.tsx"), "ExecutionsScreen"),
});

const execution = createRoute({
  ...view,
  path: "/executions/$id",
  component: lazyRouteComponent(() => import("./execution/execution-screen.tsx"), "ExecutionScreen"),
});

const functions = createRoute({
  ...view,
  path: "/functions",
  component: lazyRouteComponent(() => import("./functions/functions-screen.tsx"), "FunctionsScreen"),
});
const schedules = createRoute({
  ...view,
  path: "/schedules",
  component: lazyRouteComponent(() => import("./schedules/schedules-screen.tsx"), "SchedulesScreen"),
});
const bulk = createRoute({
  ...view,
  path: "/bulk",
  component: lazyRouteComponent(() => import("./bulk/bulk-screen.tsx"), "BulkScreen"),
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

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
