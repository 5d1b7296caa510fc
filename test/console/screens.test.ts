import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../../harness/until.ts";
import { type DevProcess, readyEnvironment, startDev } from "../support/dev-process.ts";
import { hostileMetadata, hostileTexts } from "./hostile.ts";
import { openPages, type Pages, reasonToSkip } from "./pages.ts";
import { aMorning, call, enqueueMany, newestIdOf, type Target } from "./seed.ts";

// Every screen of the console: with hostile texts in it, on a phone, in both themes, for those who cannot see it.

const reason = reasonToSkip();
if (reason !== undefined) console.warn(`SKIPPED  the screens of the console in a browser: ${reason}`);

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf-8");

describe.skipIf(reason !== undefined)("the screens of the console", { timeout: 180_000 }, () => {
  let dev: DevProcess;
  let target: Target;
  let pages: Pages;

  beforeAll(async () => {
    dev = startDev(["--functions", "test/fixtures/console/defer"]);
    [target, pages] = await Promise.all([readyEnvironment(dev), openPages()]);
    await enqueueMany(target, aMorning(10));
    const failures = async () => (await call(target, "GET", "/public/v2/failures")) as { data: object[] };
    await until(failures, ({ data }) => data.length > 1, 240_000);
    await call(target, "POST", "/public/v2/bulk", { action: "rerun", filters: { states: ["failed"] }, per_second: 1 });
  }, 420_000);

  afterAll(async () => {
    await pages?.close();
    await dev?.stop();
  });

  it("shows hostile texts as texts, in every field", async () => {
    const input = [hostileTexts.join("\n"), "throws", Object.fromEntries(hostileTexts.map((it) => [it, it]))];
    const named = { function_name: "echo", function_arguments: input, metadata: hostileMetadata };
    const [id] = await enqueueMany(target, [named]);
    await call(target, "PUT", "/public/v2/schedules/hostile", { ...named, cron: "0 0 1 1 *" });
    const metadata = Object.entries(hostileMetadata).map(([key, value]) => ({ key, values: [value] }));
    await call(target, "POST", "/public/v2/bulk", { action: "cancel", filters: { metadata: metadata.slice(0, 3) } });

    const page = await pages.signedIn(target, `/executions/${id}`);
    const problems: string[] = [];
    page.on("dialog", (dialog) => problems.push(dialog.message()));
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => {
      // An id that does not exist is answered with 404: Chromium tells that there, and React why a screen is not shown.
      const isExpected = /^Failed to load resource: .* status of 40[04]|^ApiError: cannot find/.test(message.text());
      if (message.type() === "error" && !isExpected) problems.push(message.text());
    });
    await page.getByRole("tab", { name: "Error" }).waitFor();
    const [first = "", sample = ""] = hostileTexts;
    for (const width of [1280, 380]) {
      await page.setViewportSize({ width, height: 800 });
      for (const tab of ["Error", "Arguments", "Logs", "Timeline", "Children", "Metadata"]) {
        await page.getByRole("tab", { name: tab }).click();
        const panel = page.getByRole("tabpanel");
        if (tab === "Error" || tab === "Metadata") await panel.getByText(sample.slice(0, 30)).first().waitFor();
        if (tab === "Logs") await panel.getByRole("log").waitFor();
        expect(await page.evaluate("document.documentElement.scrollWidth"), `${tab} at ${width}`).toBeLessThanOrEqual(
          width,
        );
      }
    }
    const text = encodeURIComponent(sample);
    const shown: [string, RegExp | string][] = [
      ["/", "echo"],
      ["/executions?function=echo", "echo"],
      [`/executions?function=${text}&meta.${text}=${text}&schedule=${text}&parent=${text}&from=${text}`, sample],
      ["/schedules?open=hostile", "Settings"],
      ["/bulk", first.slice(0, 20)],
      [`/bulk?job=${text}&of=${text}`, first.slice(0, 20)],
      [`/functions?q=${text}`, "No function has this"],
      [`/executions/${text}`, /not|no /i],
      [`/${text}`, /not|no /i],
    ];
    for (const [path, hasText] of shown) {
      await page.goto(`${target.DEFER_ENDPOINT}/console${path}`);
      await page.getByRole("main").getByText(hasText).filter({ visible: true }).first().waitFor();
      expect(await page.evaluate("document.documentElement.scrollWidth"), path).toBeLessThanOrEqual(380);
    }
    await page.goto(`${target.DEFER_ENDPOINT}/console/schedules?open=hostile`);
    await page.getByRole("button", { name: "Edit" }).click();
    await page
      .getByRole("dialog")
      .getByRole("textbox", { name: "Metadata" })
      .getByText(sample.slice(2, 14))
      .first()
      .waitFor();
    expect(await page.evaluate("globalThis.harmed")).toBeUndefined();
    expect(problems).toEqual([]);
    await call(target, "DELETE", "/public/v2/schedules/hostile");
  });

  const screens = [
    "/",
    "/executions",
    "/executions/…",
    "/functions",
    "/schedules?open=defer.cron.nightlyCleanup",
    "/bulk",
  ];
  const looks = (["light", "dark"] as const).flatMap((theme) => screens.map((screen) => [screen, theme] as const));
  it.each(looks)("%s fits a phone and has no barrier, %s", async (screen, colorScheme) => {
    const path = screen.replace("…", await newestIdOf(target, "sendInvoice"));
    const page = await pages.signedIn(target, path, { colorScheme, viewport: { width: 380, height: 780 } });
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.getByRole("status", { name: "Loading" }).waitFor({ state: "hidden" });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(380);
    await page.evaluate(axe);
    for (const width of [380, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      const { violations } = (await page.evaluate("axe.run()")) as {
        violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
      };
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
      expect(found, `at ${width}`).toEqual([]);
    }
    await page.close();
  });
});
