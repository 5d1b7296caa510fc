import { mkdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";
import { findChromium } from "../support/browser.ts";
import { readyEnvironment, startDev } from "../support/dev-process.ts";
import { aMorning, call, enqueueMany } from "./seed.ts";

// npm run pictures: pictures of every screen of the console, of a local cloud with a morning's work, for docs/images.

const directory = new URL("../../docs/images/", import.meta.url);

/** Long enough for what fails and is tried again to be through. */
const MORNING_MS = 25_000;

const executablePath = findChromium();
if (executablePath === undefined) throw new Error("there is no Chromium in /usr/bin");
mkdirSync(directory, { recursive: true });
const dev = startDev(["--functions", "test/fixtures/console/defer"]);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  const target = await readyEnvironment(dev);
  const ids = await enqueueMany(target, aMorning(60));
  await call(target, "PUT", "/public/v2/schedules/weekly-report", {
    function_name: "renderReport",
    function_arguments: [12],
    cron: "0 9 * * 1",
    timezone: "Europe/Berlin",
  });
  await call(target, "PUT", "/public/v2/schedules/heartbeat", {
    function_name: "sendWelcome",
    function_arguments: ["ops@example.com"],
    every_seconds: 900,
  });
  await sleep(MORNING_MS);
  const filters = { states: ["failed"], metadata: [{ key: "customer", values: ["acme"] }] };
  await call(target, "POST", "/public/v2/bulk", { action: "rerun", filters, per_second: 1 });
  const screens = {
    attention: "/",
    executions: "/executions",
    execution: `/executions/${ids[62]}`,
    functions: "/functions",
    schedules: "/schedules?open=weekly-report",
    bulk: "/bulk",
  };
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1280, 380]) {
      const context = await browser.newContext({ viewport: { width, height: 780 }, colorScheme, timezoneId: "UTC" });
      const page = await context.newPage();
      await page.addInitScript((token) => sessionStorage.setItem("epoque.token", token), target.DEFER_TOKEN);
      for (const [name, path] of Object.entries(screens)) {
        await page.goto(`${target.DEFER_ENDPOINT}/console${path}`);
        await page.getByRole("heading", { level: 1 }).waitFor();
        await page.getByRole("status", { name: "Loading" }).waitFor({ state: "hidden" });
        // Until the last request of the screen is answered and drawn.
        await sleep(1_500);
        await page.screenshot({ path: new URL(`${name}-${width}-${colorScheme}.png`, directory).pathname });
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await dev.stop();
}
