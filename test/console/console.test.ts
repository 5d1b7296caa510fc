import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../../harness/until.ts";
import { type DevProcess, readyEnvironment, startDev } from "../support/dev-process.ts";
import { openPages, type Pages, reasonToSkip } from "./pages.ts";
import { aMorning, call, enqueueMany, newestIdOf, type Target } from "./seed.ts";

// The console as a person uses it, on the local cloud of `npm start`: found by role and label only.

const reason = reasonToSkip();
if (reason !== undefined) console.warn(`SKIPPED  the console in a browser: ${reason}`);

const FAILED = 312;

// Tests run in any order, each on what all the others have done: none counts what another may add to.
describe.skipIf(reason !== undefined)("the console in a browser", { timeout: 180_000 }, () => {
  let dev: DevProcess;
  let target: Target;
  let pages: Pages;

  beforeAll(async () => {
    dev = startDev(["--functions", "test/fixtures/console/defer"]);
    [target, pages] = await Promise.all([readyEnvironment(dev), openPages()]);
    const failing = Array.from({ length: FAILED }, (_, index) => ({
      function_name: "sendInvoice",
      function_arguments: [{ number: 9000 + index, customer: "acme", total: "12.00 EUR" }],
      metadata: { customer: "acme", order: String(index) },
    }));
    await enqueueMany(target, aMorning(5));
    await enqueueMany(target, failing);
    // One in five of the morning's invoices fails, too.
    await until(mailErrors, (count) => count > FAILED, 240_000);
  }, 420_000);

  afterAll(async () => {
    await pages?.close();
    await dev?.stop();
  });

  const mailErrors = async () => {
    const { data } = (await call(target, "GET", "/public/v2/failures")) as { data: Record<string, unknown>[] };
    return Number(data.find(({ error_name }) => error_name === "MailError")?.["count"] ?? 0);
  };
  const signedIn = (path: string, options?: BrowserContextOptions & { token?: string }): Promise<Page> =>
    pages.signedIn(target, path, options);

  const idOf = (name: string) => newestIdOf(target, name);

  it("is what the root leads to; the address that npm start prints signs in, once", async () => {
    const page = await pages.open();
    await page.goto(target.DEFER_ENDPOINT);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    const [, link = ""] = await dev.waitFor(/^console +(\S+)$/m);
    // In the tab that asks for it: the browser loads nothing anew.
    await page.goto(link);
    await page.getByRole("heading", { name: "Needs attention" }).waitFor();
    expect(page.url()).not.toContain("code");
    const other = await pages.open();
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
    await dialog.getByText(/^\d+ executions/).waitFor();
    // Slowly enough to be stopped, however slow this machine is.
    await dialog.getByLabel("Executions per second").fill("1");
    const button = dialog.getByRole("button", { name: /^Run again: \d+$/ });
    expect(Number((await button.textContent())?.split(": ")[1])).toBeGreaterThan(FAILED);
    await button.click();
    const job = page.getByRole("listitem", { name: "Re-run, running" });
    await job.getByRole("progressbar", { name: "Progress" }).waitFor();
    await job.getByText("at most 1 a second").waitFor();
    await job.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Stop it" }).click();
    await page.getByRole("listitem", { name: "Re-run, stopped" }).waitFor();
  });

  it("tells of a job that ran a kind again, and leaves out what started before it only if asked to", async () => {
    const page = await signedIn("/");
    const kind = page.getByRole("listitem").filter({ hasText: "TypeError" });
    const dialog = page.getByRole("dialog");
    const button = dialog.getByRole("button", { name: /^Run again: \d+$/ });
    const count = async () => Number((await button.textContent())?.split(": ")[1]);
    await kind.getByRole("button", { name: "Run all again" }).click();
    await dialog.getByText(/^\d+ executions? of chargeCard\.$/).waitFor();
    const before = await count();
    await button.click();
    const job = page.getByRole("listitem", { name: "Re-run, done" }).filter({ hasText: "TypeError of chargeCard" });
    await job.getByText(`${before} done`).waitFor();
    await job.getByRole("link", { name: "Show what has run since" }).click();
    await page
      .getByRole("table", { name: "Executions" })
      .getByText("Failed")
      .nth(before - 1)
      .waitFor();
    await page.getByRole("navigation", { name: "Screens" }).getByRole("link", { name: "Needs attention" }).click();
    await kind.getByText(/^Run again .* executions?$/).waitFor();
    await kind.getByRole("button", { name: "Run all again" }).click();
    await dialog.getByText(`A job ran ${before} of these again`).waitFor();
    await dialog.getByText(`${2 * before} executions of chargeCard.`).waitFor();
    expect(await count()).toBe(2 * before);
    await dialog.getByRole("checkbox", { name: "Only executions that started after that job" }).check();
    await dialog.getByText(new RegExp(`^${before} executions? of chargeCard\\.$`)).waitFor();
    expect(await count()).toBe(before);
  });

  it("claims nothing of jobs that it could not load, nor of executions that were not counted", async () => {
    const page = await signedIn("/");
    await page.route(/\/public\/v2\/bulk(\?|$)/, (route) =>
      route.request().method() === "GET"
        ? route.fulfill({ status: 400, json: { error: { code: "bad_request", message: "not today" } } })
        : route.fulfill({ json: { data: { matched: 0, matched_is_lower_bound: true, sample: [] } } }),
    );
    await page.reload();
    const kind = page.getByRole("listitem").filter({ hasText: "TypeError" });
    await kind.getByRole("button", { name: "Run all again" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Earlier jobs could not be looked up.").waitFor();
    await dialog.getByText("None matches among those looked at so far.").waitFor();
    expect(await dialog.getByRole("button", { name: "Run again", exact: true }).isEnabled()).toBe(true);
    expect(await dialog.getByRole("checkbox").count()).toBe(0);
  });

  it("finds executions by an address that shows others the same, and by keys", async () => {
    const page = await signedIn("/executions?state=failed&function=sendInvoice&meta.order=7");
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
    await page.getByText("charged 7777").waitFor();
    await page.getByRole("tab", { name: "Arguments" }).click();
    await page.getByRole("tabpanel").getByText("12").waitFor();
  });

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
    await page.getByText("welcomed soon@example.com").waitFor();
    await page.getByRole("tab", { name: "Timeline" }).click();
    await page.getByRole("tabpanel").getByText("Rescheduled").waitFor();
  });

  it("follows the log of what runs, and aborts it", async () => {
    const [id] = await enqueueMany(target, [{ function_name: "renderReport", function_arguments: [500, 100] }]);
    const page = await signedIn(`/executions/${id}?tab=logs`);
    await page.getByRole("log").getByText("page 9 of 500").waitFor();
    await page.getByRole("button", { name: "Abort" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Abort it" }).click();
    await page.getByText("Aborted").first().waitFor();
  });

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

  it("resolves a kind of failure, and opens it again", async () => {
    const page = await signedIn("/");
    const kind = page.getByRole("listitem").filter({ hasText: "TypeError" });
    await kind.getByRole("button", { name: "Resolve" }).click();
    await page.getByRole("status").filter({ hasText: "Resolved." }).waitFor();
    await kind.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Resolved" }).click();
    await kind.getByRole("button", { name: "Open again" }).click();
    await page.getByRole("button", { name: "Open", exact: true }).click();
    await kind.getByRole("button", { name: "Resolve" }).waitFor();
  });

  it("runs a function once, with arguments that are typed", async () => {
    const page = await signedIn("/functions?q=echo");
    await page.getByRole("button", { name: "Run once" }).click();
    const dialog = page.getByRole("dialog", { name: "Run echo once" });
    await dialog.getByRole("textbox", { name: "Arguments" }).click();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type('{"not": "an array"}');
    await dialog.getByRole("button", { name: "Run" }).click();
    await dialog.getByRole("alert").filter({ hasText: "must be a JSON array" }).waitFor();
    await dialog.getByRole("textbox", { name: "Arguments" }).click();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type('["typed by hand"]');
    await dialog.getByRole("button", { name: "Run" }).click();
    await page.getByRole("link", { name: "Show", exact: true }).click();
    await page.getByRole("tabpanel").getByText("typed by hand").first().waitFor();
  });

  it("changes a schedule, pauses it, lets it go on, and runs it now", async () => {
    const body = { function_name: "sendWelcome", function_arguments: ["ops@example.com"], cron: "0 3 * * *" };
    await call(target, "PUT", "/public/v2/schedules/nightly", body);
    const page = await signedIn("/schedules?open=nightly");
    await page.getByRole("button", { name: "Edit" }).click();
    const dialog = page.getByRole("dialog", { name: "Edit nightly" });
    await dialog.getByLabel("Cron", { exact: false }).last().fill("0 4 * * *");
    await dialog.getByRole("button", { name: "Save" }).click();
    const row = page.getByRole("button", { name: /^nightly/ });
    await row.filter({ hasText: "daily at 04:00" }).filter({ hasText: "sendWelcome" }).waitFor();
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await row.filter({ hasText: "Paused" }).waitFor();
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByRole("button", { name: "Pause", exact: true }).waitFor();
    await page.getByRole("button", { name: "Run now" }).click();
    await page.getByRole("link", { name: "Show", exact: true }).click();
    await page.getByText("welcomed ops@example.com").waitFor();
    await call(target, "DELETE", "/public/v2/schedules/nightly");
  });

  it("keeps views and columns of somebody's choice, and filters by every time", async () => {
    const page = await signedIn("/executions?state=failed");
    const choose = async (menu: string, choice: string, role: "menuitem" | "menuitemcheckbox" = "menuitem") => {
      await page.getByRole("button", { name: menu, exact: true }).click();
      await page.getByRole(role, { name: choice }).click();
    };
    await choose("Views", "Save these filters");
    await page.getByRole("dialog").getByLabel("Name").fill("what fails");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.goto(`${target.DEFER_ENDPOINT}/console/executions`);
    await choose("Views", "what fails");
    await page.waitForURL(/\?state=failed$/);
    await choose("Columns", "Runs on", "menuitemcheckbox");
    await page.keyboard.press("Escape");
    await page.getByRole("cell", { name: "Lambda" }).first().waitFor();
    await page.reload();
    await page.getByRole("columnheader", { name: "Runs on" }).waitFor();
    await choose("Time", "Started in the last hour");
    await page.waitForURL(/started\.since=1h/);
    await page.getByRole("link", { name: "sendInvoice" }).first().waitFor();
    await choose("Time", "From");
    await page.getByRole("dialog").getByLabel("Executions that were").selectOption("due");
    await page.getByRole("dialog").getByLabel("Until").fill("2020-01-01T00:00:00");
    await page.getByRole("dialog").getByRole("button", { name: "Filter" }).click();
    await page.getByText("Nothing matches these filters").waitFor();
    await page.getByRole("button", { name: /^Remove the filter Due until/ }).click();
    await page.getByRole("link", { name: "sendInvoice" }).first().waitFor();
  });

  it("cancels the rows that are selected, and says why not", async () => {
    const waiting = {
      function_name: "sendWelcome",
      function_arguments: ["late@example.com"],
      metadata: { batch: "two" },
      schedule_for: new Date(Date.now() + 7_200_000).toISOString(),
    };
    await enqueueMany(target, [waiting, waiting]);
    const page = await signedIn("/executions?meta.batch=two");
    await page.getByRole("checkbox", { name: "Select all that are loaded" }).check();
    const selection = page.getByRole("region", { name: "Selection" });
    await selection.getByText("2 selected").waitFor();
    await selection.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel 2" }).click();
    await page.getByRole("status").filter({ hasText: "2 cancelled." }).waitFor();
    await page.getByRole("cell", { name: "Cancelled" }).nth(1).waitFor();
    await page.getByRole("checkbox", { name: "Select all that are loaded" }).check();
    await selection.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel 2" }).click();
    const failures = selection.getByRole("list", { name: "Failures" }).getByRole("listitem");
    await failures.filter({ hasText: "cannot cancel execution in cancelled state" }).nth(1).waitFor();
    await selection.getByText("2 selected").waitFor();
  });

  it("shows children, copies a call, and helps with keys", async () => {
    const page = await signedIn(`/executions/${await idOf("importContacts")}?tab=children`);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("tabpanel").getByRole("link", { name: "sendWelcome" }).nth(2).waitFor();
    await page.getByRole("button", { name: "Copy", exact: true }).click();
    await page.getByRole("menuitem", { name: "As a curl command" }).click();
    await page.getByRole("status").filter({ hasText: "Copied." }).waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toMatch(/^curl .*importContacts.*ada@example\.com/s);
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).getByText("run again, then Enter").waitFor();
  });

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
    // The other screens' code is loaded once this one is shown.
    await until(() => page.evaluate(LOADED_SCHEDULES), Boolean, 60_000);
    await page.context().setOffline(true);
    await page.getByRole("alert").filter({ hasText: "No connection." }).waitFor();
    await page.getByRole("link", { name: "sendInvoice" }).first().waitFor();
    const screens = page.getByRole("navigation", { name: "Screens" });
    await screens.getByRole("link", { name: "Schedules" }).click();
    await page.getByText("The schedules could not be loaded").waitFor();
    await screens.getByRole("link", { name: "Executions" }).click();
    await page.getByRole("link", { name: "sendInvoice" }).first().waitFor();
    await page.context().setOffline(false);
    await page.getByRole("alert").filter({ hasText: "No connection." }).waitFor({ state: "hidden" });
  });
});

/** Whether the code of the schedules has been loaded. */
const LOADED_SCHEDULES =
  "performance.getEntriesByType('resource').some((it) => it.name.includes('/schedules-screen') && it.responseEnd > 0)";
