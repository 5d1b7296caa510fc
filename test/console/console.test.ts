import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium } from "../support/browser.ts";
import { type DevProcess, readyEnvironment, startDev } from "../support/dev-process.ts";
import { until } from "../support/until.ts";
import { hostileMetadata, hostileTexts } from "./hostile.ts";
import { aMorning, call, enqueueMany, type Target } from "./seed.ts";

// The console as a person uses it, on the local cloud of `npm start`: found by role and label only.

const executablePath = findChromium();
let reason: string | undefined;
if (executablePath === undefined) reason = "there is no Chromium in /usr/bin";
if (process.env["CONSOLE"] === undefined) reason = "it takes minutes; npm run test:console runs it";
if (reason !== undefined) console.warn(`SKIPPED  the console in a browser: ${reason}`);

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf-8");

const FAILED = 312;

describe.skipIf(reason !== undefined)("the console in a browser", () => {
  let dev: DevProcess;
  let target: Target;
  let browser: Browser;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    dev = startDev(["--functions", "test/fixtures/console/defer"]);
    [target, browser] = await Promise.all([
      readyEnvironment(dev),
      chromium.launch({ executablePath: executablePath ?? "", args: ["--no-sandbox"] }),
    ]);
    const failing = Array.from({ length: FAILED }, (_, index) => ({
      function_name: "sendInvoice",
      function_arguments: [{ number: 9000 + index, customer: "acme", total: "12.00 EUR" }],
      metadata: { customer: "acme", order: String(index) },
    }));
    await enqueueMany(target, aMorning(5));
    await enqueueMany(target, failing);
    const filters = { function_ids: [], states: ["failed"], metadata: [{ key: "customer", values: ["acme"] }] };
    const matched = async () => {
      const dryRun = { action: "rerun", filters, dry_run: true };
      return ((await call(target, "POST", "/public/v2/bulk", dryRun)) as { data: { matched: number } }).data.matched;
    };
    await until(matched, (count) => count > FAILED, 90_000);
  }, 150_000);

  afterAll(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    await browser?.close();
    await dev?.stop();
  });

  async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      timezoneId: "UTC",
      locale: "en-US",
      ...options,
    });
    contexts.push(context);
    context.setDefaultTimeout(15_000);
    return context.newPage();
  }

  /** A page of somebody who has signed in with `token`. */
  async function signedIn(path: string, { token = target.DEFER_TOKEN, ...options }: Options = {}): Promise<Page> {
    const page = await openPage(options);
    await page.addInitScript((value) => sessionStorage.setItem("epoque.token", value), token);
    await page.goto(`${target.DEFER_ENDPOINT}/console${path}`);
    return page;
  }

  const idOf = async (name: string) => {
    const { data: deployed } = (await call(target, "GET", `/public/v2/functions/${name}`)) as { data: { id: string } };
    const path = `/public/v2/executions?first=1&function_ids=${deployed.id}`;
    const { data } = (await call(target, "GET", path)) as { data: { id: string }[] };
    return data[0]?.id ?? "";
  };

  it("is what the root leads to; the address that npm start prints signs in, once", async () => {
    const page = await openPage();
    await page.goto(target.DEFER_ENDPOINT);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    const [, link = ""] = await dev.waitFor(/^console +(\S+)$/m);
    await page.goto(link);
    await page.reload();
    await page.getByRole("heading", { name: "Needs attention" }).waitFor();
    expect(page.url()).not.toContain("code");
    const other = await openPage();
    await other.goto(link);
    await other.getByRole("alert").filter({ hasText: "used before" }).waitFor();
    await other.getByLabel("API token").fill("wrong");
    await other.getByRole("button", { name: "Sign in" }).click();
    await other.getByRole("alert").filter({ hasText: "No such token" }).waitFor();
    await other.getByLabel("API token").fill(target.DEFER_TOKEN);
    await other.getByRole("button", { name: "Sign in" }).click();
    await other.getByRole("heading", { name: "Needs attention" }).waitFor();
  });

  it("runs a group of failures again in three clicks, at a pace, and stops", async () => {
    const page = await signedIn("/");
    const group = page.getByRole("listitem").filter({ hasText: "MailError" });
    await group.getByText("acme").waitFor();
    await group.getByRole("button", { name: "Run all again" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(`${FAILED + 1} executions`).waitFor();
    await dialog.getByRole("button", { name: `Run again: ${FAILED + 1}` }).click();
    const job = page.getByRole("listitem", { name: "Re-run, running" });
    await job.getByRole("progressbar", { name: "Progress" }).waitFor();
    await job.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Stop it" }).click();
    await page.getByRole("listitem", { name: "Re-run, stopped" }).waitFor();
  }, 120_000);

  it("finds executions by an address that shows others the same, and by keys", async () => {
    const page = await signedIn("/executions?state=failed&meta.order=7");
    const table = page.getByRole("table", { name: "Executions" });
    await table.getByRole("link", { name: "sendInvoice" }).first().waitFor();
    await page.getByRole("button", { name: "Remove the filter order = 7" }).click();
    await page.waitForURL((url) => !url.search.includes("order"));
    await table.getByRole("link", { name: "sendInvoice" }).nth(3).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("r");
    await page.getByRole("dialog", { name: "Run sendInvoice again?" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("status").filter({ hasText: "It runs again." }).waitFor();
    await page.keyboard.press("f");
    await page.keyboard.type("customer=globex");
    await page.keyboard.press("Enter");
    await page.waitForURL(/meta\.customer=globex/);
    await page.getByText("globex").first().waitFor();
    await page.keyboard.press("Escape");
  });

  it("runs an execution again with other input", async () => {
    const page = await signedIn(`/executions/${await idOf("chargeCard")}`);
    await page.getByRole("button", { name: "Edit and run" }).click();
    const editor = page.getByRole("textbox", { name: "Arguments" });
    await editor.click();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type('[{"id":12,"card":{"last4":"7777"}}]');
    await page.getByRole("button", { name: "Run with this input" }).click();
    await page.getByRole("link", { name: "Show", exact: true }).click();
    await page.getByText("charged 7777").waitFor({ timeout: 30_000 });
    await page.getByRole("tab", { name: "Arguments" }).click();
    await page.getByRole("tabpanel").getByText("12").waitFor();
  }, 45_000);

  it("reschedules what waits", async () => {
    const [id] = await enqueueMany(target, [
      {
        function_name: "sendWelcome",
        function_arguments: ["soon@example.com"],
        schedule_for: new Date(Date.now() + 7_200_000).toISOString(),
      },
    ]);
    const page = await signedIn(`/executions/${id}`);
    await page.getByRole("button", { name: "Reschedule" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Now" }).click();
    await page.getByText("welcomed soon@example.com").waitFor({ timeout: 30_000 });
    await page.getByRole("tab", { name: "Timeline" }).click();
    await page.getByRole("tabpanel").getByText("Rescheduled").waitFor();
  }, 45_000);

  it("follows the log of what runs, and aborts it", async () => {
    const [id] = await enqueueMany(target, [{ function_name: "renderReport", function_arguments: [500, 100] }]);
    const page = await signedIn(`/executions/${id}?tab=logs`);
    await page.getByRole("log").getByText("page 9 of 500").waitFor({ timeout: 30_000 });
    await page.getByRole("button", { name: "Abort" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Abort it" }).click();
    await page.getByText("Aborted").first().waitFor({ timeout: 30_000 });
  }, 60_000);

  it("pauses a function and lets it go on", async () => {
    const page = await signedIn("/functions?q=sendWelcome");
    const card = page.getByRole("listitem").filter({ hasText: "sendWelcome" });
    await card.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Pause" }).click();
    await card.getByText("Paused").waitFor();
    await card.getByRole("button", { name: "Resume" }).click();
    await card.getByRole("button", { name: "Pause" }).waitFor();
  });

  it("makes a schedule in another zone, whose ticks follow its clock", async () => {
    const page = await signedIn("/schedules");
    await page.getByRole("button", { name: "New schedule" }).first().click();
    const dialog = page.getByRole("dialog", { name: "New schedule" });
    await dialog.getByLabel("Name").fill("month-begin");
    await dialog.getByLabel("Function").selectOption("sendWelcome");
    await dialog.getByLabel("Cron", { exact: false }).last().fill("30 9 1 * *");
    await dialog.getByLabel("Time zone").fill("Europe/Berlin");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: /^month-begin/ }).click();
    const ticks = page.getByRole("table");
    await ticks
      .getByRole("cell", { name: /, 08:30$/ })
      .first()
      .waitFor();
    await ticks
      .getByRole("cell", { name: /, 07:30$/ })
      .first()
      .waitFor();
    expect(await ticks.getByRole("cell", { name: /, 09:30$/ }).count()).toBe(10);
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByRole("status").filter({ hasText: "month-begin is deleted." }).waitFor();
  });

  it("shows hostile texts as texts, in every field", async () => {
    const [id] = await enqueueMany(target, [
      {
        function_name: "echo",
        function_arguments: [hostileTexts.join("\n"), "throws", Object.fromEntries(hostileTexts.map((it) => [it, it]))],
        metadata: hostileMetadata,
      },
    ]);
    const page = await signedIn(`/executions/${id}`);
    const problems: string[] = [];
    page.on("dialog", (dialog) => problems.push(dialog.message()));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    await page.getByRole("tab", { name: "Error" }).waitFor({ timeout: 30_000 });
    const sample = hostileTexts[3] ?? "";
    for (const tab of ["Error", "Arguments", "Logs", "Timeline", "Children", "Metadata"]) {
      await page.getByRole("tab", { name: tab }).click();
      const panel = page.getByRole("tabpanel");
      if (tab === "Error" || tab === "Metadata") await panel.getByText(sample.slice(0, 30)).first().waitFor();
      if (tab === "Logs") await panel.getByRole("log").waitFor();
    }
    await page.goto(`${target.DEFER_ENDPOINT}/console/executions?function=echo`);
    await page.getByRole("link", { name: "echo" }).first().waitFor();
    await page.goto(`${target.DEFER_ENDPOINT}/console/executions?function=${encodeURIComponent(sample)}`);
    await page.getByText(sample).first().waitFor();
    await page.goto(`${target.DEFER_ENDPOINT}/console/`);
    await page.getByRole("listitem").filter({ hasText: "echo" }).first().waitFor();
    expect(await page.evaluate("globalThis.harmed")).toBeUndefined();
    expect(problems).toEqual([]);
  }, 60_000);

  it("offers a token that may only read nothing else", async () => {
    const made = (await call(target, "POST", "/public/v2/tokens", { name: "onlooker", scopes: ["read"] })) as {
      data: { token: string };
    };
    const page = await signedIn(`/executions/${await idOf("chargeCard")}`, { token: made.data.token });
    await page.getByRole("tab", { name: "Arguments" }).waitFor();
    await page.getByText("Read-only").filter({ visible: true }).waitFor();
    for (const name of ["Run again", "Edit and run"]) expect(await page.getByRole("button", { name }).count()).toBe(0);
    await page.goto(`${target.DEFER_ENDPOINT}/console/`);
    await page.getByRole("listitem").filter({ hasText: "MailError" }).waitFor();
    expect(await page.getByRole("button", { name: "Run all again" }).count()).toBe(0);
  });

  it("says that it is offline, keeps what it shows, and goes on by itself", async () => {
    const page = await signedIn("/executions");
    await page.getByRole("link", { name: "sendInvoice" }).first().waitFor();
    await page.context().setOffline(true);
    await page.getByRole("alert").filter({ hasText: "No connection." }).waitFor();
    await page.getByRole("link", { name: "sendInvoice" }).first().waitFor();
    await page.context().setOffline(false);
    await page.getByRole("alert").filter({ hasText: "No connection." }).waitFor({ state: "hidden" });
  });

  it.each(["light", "dark"] as const)(
    "fits a phone and has no barrier on any screen, %s",
    async (colorScheme) => {
      const page = await signedIn("/", { colorScheme, viewport: { width: 380, height: 780 } });
      const execution = await idOf("sendInvoice");
      for (const path of [
        "/",
        "/executions",
        `/executions/${execution}`,
        "/functions",
        "/schedules?open=defer.cron.nightlyCleanup",
        "/bulk",
      ]) {
        await page.setViewportSize({ width: 380, height: 780 });
        await page.goto(`${target.DEFER_ENDPOINT}/console${path}`);
        await page.getByRole("heading", { level: 1 }).waitFor();
        await page.getByRole("status", { name: "Loading" }).waitFor({ state: "hidden" });
        expect(await page.evaluate("document.documentElement.scrollWidth"), path).toBeLessThanOrEqual(380);
        for (const width of [380, 1280]) {
          await page.setViewportSize({ width, height: 800 });
          await page.evaluate(axe);
          const { violations } = (await page.evaluate("axe.run()")) as {
            violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
          };
          const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
          expect(found, `${path} at ${width}`).toEqual([]);
        }
      }
    },
    60_000,
  );
});

type Options = BrowserContextOptions & { token?: string };
