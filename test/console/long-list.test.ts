import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Page, Request } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Meter } from "../../bench/meter.ts";
import { seed } from "../../bench/seed.ts";
import { isWrite, unitsOf } from "../../bench/usage.ts";
import { assemble } from "../../bin/dev/assembly.ts";
import { aCloud, type RunningCloud } from "../../harness/a-cloud.ts";
import { aNewId, aStarted } from "../../harness/an-execution.ts";
import { until } from "../../harness/until.ts";
import type { Execution } from "../../lambdas/core/execution.ts";
import { functionId } from "../../lambdas/core/ids.ts";
import { reasonToSkip as reasonToSkipDynamodb } from "../support/java.ts";
import { openPages, type Pages, reasonToSkip } from "./pages.ts";
import type { Target } from "./seed.ts";

// A list of 50,000 executions in a browser: what it costs to look at, and that the page stays small.

const reason = reasonToSkip();
if (reason !== undefined) console.warn(`SKIPPED  a long list in a browser: ${reason}`);

const COUNT = 50_000;
const SCROLLED = 10_000;
const SHARDS = 4;
const DAY_MS = 86_400_000;

/** Number `index` of a shop that has run for two weeks, until three days ago: one in 100 failed, of one customer. */
function execution(index: number): Execution {
  const createdAtMs = Date.now() - 17 * DAY_MS + index * Math.floor((14 * DAY_MS) / COUNT);
  const functionName = index % 2 === 0 ? "sendInvoice" : "sendWelcome";
  const hasFailed = index % 100 === 0;
  const { leaseUntilMs: _, ...ran } = aStarted({
    id: aNewId(createdAtMs, functionName),
    functionName,
    functionId: functionId(functionName),
    createdAtMs,
    attemptCreatedAtMs: createdAtMs,
    updatedAtMs: createdAtMs,
    scheduledAtMs: createdAtMs,
    startedAtMs: createdAtMs + 40,
    metadata: hasFailed ? { customer: "acme" } : {},
    arguments: { inline: JSON.stringify([{ number: index, customer: "acme", total: "12.00 EUR" }]) },
    tokenSeed: "x".repeat(43),
  });
  const finishedAtMs = createdAtMs + 900;
  return hasFailed
    ? { ...ran, state: "failed", errorCode: "ER0000", finishedAtMs }
    : { ...ran, state: "succeed", finishedAtMs };
}

describe.skipIf(reason !== undefined)("a list of 50,000 executions", { timeout: 600_000 }, () => {
  const meter = new Meter();
  let running: RunningCloud;
  let target: Target;
  let pages: Pages;
  let parent: string;

  beforeAll(async () => {
    const { interceptor, ...options } = meter.options;
    parent = await mkdtemp(join(tmpdir(), "epoque-long-list-"));
    // The assembly that other tests share has no console.
    const { directory } = await assemble("test/fixtures/console/defer", parent, { console: true });
    [running, pages] = await Promise.all([
      aCloud({
        dynamodb: reasonToSkipDynamodb("local") === undefined ? "local" : "dynalite",
        assembly: directory,
        interceptors: [interceptor],
        ...options,
      }),
      openPages(),
    ]);
    const { cloud, dynamodb, token } = running;
    target = { DEFER_ENDPOINT: cloud.apiEndpoint, DEFER_TOKEN: token };
    const table = cloud.resources.find(({ logicalId }) => logicalId.startsWith("StorageExecutions"))?.physicalId ?? "";
    const documents = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
    await seed(documents, table, SHARDS, 0, COUNT, execution);
  }, 900_000);

  afterAll(async () => {
    await pages?.close();
    await running?.[Symbol.asyncDispose]();
    await rm(parent, { recursive: true, force: true });
  });

  // A page that stays open would go on asking, and be counted.
  let page: Page;
  afterEach(() => page?.close());

  const signedIn = (path: string) => pages.signedIn(target, path);
  const tableOf = (page: Page) => page.getByRole("table", { name: "Executions" });
  const isList = (request: Request) => request.method() === "POST" && request.url().endsWith("/public/v2/executions");
  /** Resolves when the list has been answered so many times. */
  const refreshed = async (page: Page, times: number) => {
    for (let answers = 0; answers < times; answers += 1) {
      await (await page.waitForResponse((response) => isList(response.request()))).finished();
    }
  };

  /** Read units that the API has used since the meter was reset. */
  const readUnits = () =>
    meter.calls
      .filter((call) => call.service === "dynamodb" && !isWrite(call) && call.by.endsWith("-api"))
      .reduce((sum, call) => sum + unitsOf(call), 0);

  it("keeps few rows in the page, however far somebody scrolls", async () => {
    page = await signedIn("/executions");
    const count = async () => Number(await tableOf(page).getAttribute("aria-rowcount"));
    let rows = await count();
    // The end moves on when rows have come: whoever pressed the key a moment before presses it again.
    const toTheEnd = async () => {
      await page.keyboard.press("End");
      return count();
    };
    while (rows < SCROLLED) {
      const before = rows;
      rows = await until(toTheEnd, (now) => now > before, 60_000);
      expect(await page.getByRole("row").count()).toBeLessThanOrEqual(60);
    }
    // The time of a frame depends on the machine: printed, not asserted.
    const frames = (await page.evaluate(SCROLL)) as number[];
    const sorted = frames.sort((a, b) => a - b);
    const [half, most, worst] = [0.5, 0.95, 1].map((share) => sorted[Math.ceil(share * sorted.length) - 1]?.toFixed(1));
    console.log(`${rows} rows scrolled within 3 s: ${frames.length} frames, ${half} ms (p50), ${most} (p95), ${worst}`);
    expect(await page.getByRole("row").count()).toBeLessThanOrEqual(60);
    expect(await count()).toBeGreaterThanOrEqual(SCROLLED);
  });

  it.each([
    "/executions",
    "/executions?function=sendInvoice",
    "/executions?state=failed",
    "/executions?meta.customer=acme",
  ])("%s is refreshed for at most 60 read units", async (path) => {
    page = await signedIn(path);
    await tableOf(page).getByRole("link", { name: "sendInvoice" }).first().waitFor();
    await refreshed(page, 1);
    meter.reset();
    await refreshed(page, 3);
    const units = readUnits() / 3;
    console.log(`${path}: ${units} read units a refresh`);
    expect(units).toBeGreaterThan(1);
    expect(units).toBeLessThanOrEqual(60);
  });

  it("refreshes the start for at most 60 read units, though it looks at each hour of a week", async () => {
    page = await signedIn("/");
    const refresh = async () => {
      meter.reset();
      const failures = await page.waitForResponse((response) => response.url().includes("/public/v2/failures"));
      await failures.finished();
      return readUnits();
    };
    // Each Lambda that answers for the first time reads every hour; then it remembers those that are over.
    const units = await until(refresh, (read) => read <= 60, 120_000);
    console.log(`/: ${units} read units a refresh`);
    expect(units).toBeGreaterThan(1);
  });

  it("changes nothing on the screen when a refresh brings nothing new", async () => {
    page = await signedIn("/executions");
    await refreshed(page, 1);
    await page.evaluate(OBSERVE);
    await refreshed(page, 2);
    expect(await page.evaluate(CHANGES)).toBe(0);
    // A look at what is counted: a row that is selected is a change.
    await page.getByRole("checkbox").nth(1).check();
    expect(await page.evaluate(CHANGES)).toBeGreaterThan(0);
  });

  it("asks for nothing while its tab is hidden, and at once when it is seen again", async () => {
    page = await pages.open();
    let asked = 0;
    page.on("request", (request) => (asked += isList(request) ? 1 : 0));
    await page.clock.install();
    await page.addInitScript((token) => sessionStorage.setItem("epoque.token", token), target.DEFER_TOKEN);
    await page.goto(`${target.DEFER_ENDPOINT}/console/executions`);
    await refreshed(page, 2);
    await page.evaluate(setVisibility("hidden"));
    const before = asked;
    for (let minute = 0; minute < 5; minute += 1) await page.clock.fastForward(60_000);
    // Requests are seen in order: what was asked for before this one has been counted.
    await Promise.all([page.waitForRequest(/icon\.svg/), page.evaluate("void fetch('/console/icon.svg')")]);
    expect(asked).toBe(before);
    const answered = refreshed(page, 1);
    await page.evaluate(setVisibility("visible"));
    await answered;
    expect(asked).toBeGreaterThan(before);
  });
});

/** Scrolls from the top to the bottom within three seconds; the milliseconds of each frame. */
const SCROLL = `new Promise((resolve) => {
  const frames = [];
  const begin = performance.now();
  let last = begin;
  const height = document.documentElement.scrollHeight - innerHeight;
  const step = (now) => {
    frames.push(now - last);
    last = now;
    scrollTo(0, (height * (now - begin)) / 3_000);
    if (now - begin < 3_000) requestAnimationFrame(step);
    else resolve(frames);
  };
  requestAnimationFrame(step);
})`;

/** Counts the changes of the table's elements from now on. */
const OBSERVE = `{
  globalThis.changes = 0;
  const observer = new MutationObserver((found) => (globalThis.changes += found.length));
  const everything = { subtree: true, childList: true, characterData: true, attributes: true };
  observer.observe(document.querySelector("[role=table]"), everything);
}`;

/** Changes so far, once what was answered has been drawn. */
const CHANGES =
  "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(globalThis.changes))))";

function setVisibility(state: "hidden" | "visible"): string {
  return `{
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "${state}" });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  }`;
}
