import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { caller } from "../../harness/caller.ts";
import { findChromium } from "../support/browser.ts";
import { type DevProcess, readyEnvironment, startDev } from "../support/dev-process.ts";
import { installNextApp, type NextApp } from "./next-app.ts";

// examples/nextjs after `next build`, as a person uses it in a browser. Installing Next.js and building twice takes
// minutes, so this runs by `npm run test:examples`, which CI calls.

const BUILD_TIMEOUT_MS = 300_000;

const executablePath = findChromium();
let app: NextApp | undefined;
let reason: string | undefined;
if (process.env["EXAMPLES"] === undefined) reason = "it takes minutes; npm run test:examples runs it";
else if (executablePath === undefined) reason = "there is no Chromium";
else {
  try {
    app = await installNextApp();
  } catch (error) {
    reason = `its packages cannot be installed: ${String((error as Error).message).slice(0, 300)}`;
  }
}
if (reason) console.warn(`SKIPPED  examples/nextjs in a browser: ${reason}`);

let dev: DevProcess;
let variables: { DEFER_ENDPOINT: string; DEFER_TOKEN: string };
let browser: Browser;
beforeAll(async () => {
  if (!app) return;
  dev = startDev(["--functions", "examples/nextjs/defer"]);
  await dev.waitFor(/^ready/m, BUILD_TIMEOUT_MS);
  variables = await readyEnvironment(dev);
  browser = await chromium.launch({ executablePath: executablePath ?? "", args: ["--no-sandbox"] });
}, BUILD_TIMEOUT_MS);
afterAll(async () => {
  await browser?.close();
  await dev?.stop();
  await app?.remove();
}, BUILD_TIMEOUT_MS);

/** Builds and starts the app for the tests of a `describe`; returns how to open a page of it. */
function servedApp(options: { minified?: boolean } = {}): (path?: string) => Promise<Page> {
  let server: Awaited<ReturnType<NextApp["start"]>>;
  let context: Awaited<ReturnType<Browser["newContext"]>>;
  beforeAll(async () => {
    await app?.build(options);
    server = (await app?.start(variables)) as typeof server;
    context = await browser.newContext();
  }, BUILD_TIMEOUT_MS);
  afterAll(async () => {
    await context?.close();
    await server?.stop();
  });
  return async (path = "/") => {
    const page = await context.newPage();
    await page.goto(new URL(path, server.url).href, { waitUntil: "networkidle" });
    return page;
  };
}

async function importContacts(page: Page, contacts: string, when = "Now"): Promise<void> {
  await page.getByLabel("Contacts").fill(contacts);
  await page.getByLabel("When").selectOption(when);
  await page.getByRole("button", { name: "Import contacts" }).click();
}

/** Waits until the page of an import shows `state`. */
function shows(page: Page, state: string): Promise<void> {
  return page.getByRole("status").filter({ hasText: state }).waitFor();
}

const items = (page: Page, list: string) => page.getByRole("list", { name: list }).getByRole("listitem");
const click = (page: Page, name: string) => page.getByRole("button", { name }).click();

describe.skipIf(reason)("the example of Next.js, with serverMinification: false", () => {
  const open = servedApp();

  it("imports contacts and welcomes each of them", async () => {
    const page = await open();
    await importContacts(page, "Grace, grace@example.com\nAlan, alan@example.com");
    await page.getByRole("heading", { name: /^Import \w{6}$/ }).waitFor();
    await shows(page, "Done");
    await page.getByText("2 contacts imported").waitFor();
    await items(page, "Welcome messages").filter({ hasText: "Done" }).nth(1).waitFor();
    expect(await items(page, "Welcome messages").count()).toBe(2);
  });

  it("checks contacts through a route of @defer/client/next", async () => {
    const page = await open();
    await page.getByLabel("Contacts").fill("Grace, grace@example.com\nnobody");
    await click(page, "Check first");
    const check = page.getByRole("status", { name: "Check" });
    await check.filter({ hasText: "1 contact found; line 2 is not a contact: nobody" }).waitFor();
  });

  it("shows each attempt of a failed import with its error, and runs it again", async () => {
    const page = await open();
    await importContacts(page, "<b>nobody</b>");
    await shows(page, "Failed");
    expect(await items(page, "Attempts").allInnerTexts()).toEqual([
      expect.stringMatching(/Attempt 1.*Failed.*line 1 is not a contact: <b>nobody<\/b>/s),
      expect.stringMatching(/Attempt 2.*Failed.*line 1 is not a contact: <b>nobody<\/b>/s),
    ]);
    const first = page.url();
    await click(page, "Run again");
    await page.waitForURL((url) => url.pathname.startsWith("/imports/") && url.href !== first);
    await shows(page, "Failed");
  });

  it("postpones, starts and cancels an import that waits", async () => {
    const page = await open();
    await importContacts(page, "Grace, grace@example.com", "Tomorrow");
    await shows(page, "Waiting");
    const due = () => page.getByText(/, due/).locator("time").last().getAttribute("datetime");
    const tomorrow = await due();
    await click(page, "Postpone by an hour");
    await expect.poll(due).not.toBe(tomorrow);
    await click(page, "Run now");
    await shows(page, "Done");

    const other = await open();
    await importContacts(other, "Grace, grace@example.com", "In an hour");
    await shows(other, "Waiting");
    await click(other, "Cancel import");
    await shows(other, "Cancelled");
  });

  it("pages through all imports with a cursor", async () => {
    const calls = caller(variables);
    const metadata = { type: "contact-import", user_id: "ada" };
    for (let count = 0; count < 6; count++) await calls.enqueue("importContacts", ["Ada, a@example.com"], { metadata });
    const page = await open();
    const links = page.getByRole("list", { name: "Your imports" }).getByRole("link");
    const newest = await links.allInnerTexts();
    expect(newest).toHaveLength(5);
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Older" }).click();
    await page.waitForURL(/after=/);
    await page.getByRole("link", { name: "Newest" }).waitFor();
    const older = await links.allInnerTexts();
    expect(older.length).toBeGreaterThan(0);
    expect(newest.filter((name) => older.includes(name))).toEqual([]);
  });

  it("says that an import does not exist", async () => {
    const page = await open("/imports/nowhere");
    await page.getByRole("heading", { name: "No such import" }).waitFor();
  });
});

describe.skipIf(reason)("the example of Next.js, minified", () => {
  const open = servedApp({ minified: true });

  it("says which switch is missing where a function is enqueued by its minified name", async () => {
    const page = await open();
    await importContacts(page, "Grace, grace@example.com");
    const alert = page.getByRole("alert").filter({ hasText: /cannot find function "\w{1,2}"/ });
    await alert.filter({ hasText: "importContacts" }).filter({ hasText: "serverMinification: false" }).waitFor();
  });
});
