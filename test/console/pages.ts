import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { findChromium } from "../support/browser.ts";
import type { Target } from "./seed.ts";

/** Why the console cannot be tested in a browser here; `undefined` if it can. */
export function reasonToSkip(): string | undefined {
  if (process.env["CONSOLE"] === undefined) return "it takes minutes; npm run test:console runs it";
  return findChromium() === undefined ? "there is no Chromium in /usr/bin" : undefined;
}

/** A browser, and pages in it that share nothing. */
export interface Pages {
  open(options?: BrowserContextOptions): Promise<Page>;
  /** A page of somebody who has signed in, by default with the target's token. */
  signedIn(target: Target, path: string, options?: SignedInOptions): Promise<Page>;
  close(): Promise<void>;
}

type SignedInOptions = BrowserContextOptions & { token?: string };

/**
 * How long to wait for what a person would see: a busy machine of two cores is slow. It costs nothing when it is there.
 */
const PATIENCE_MS = 60_000;

/** Starts the browser of this machine. */
export async function openPages(): Promise<Pages> {
  const browser: Browser = await chromium.launch({ executablePath: findChromium() ?? "", args: ["--no-sandbox"] });
  const contexts: BrowserContext[] = [];
  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      timezoneId: "UTC",
      locale: "en-US",
      ...options,
    });
    contexts.push(context);
    context.setDefaultTimeout(PATIENCE_MS);
    return context.newPage();
  }
  return {
    open,
    async signedIn(target, path, { token = target.DEFER_TOKEN, ...options } = {}) {
      const page = await open(options);
      await page.addInitScript((value) => sessionStorage.setItem("epoque.token", value), token);
      await page.goto(`${target.DEFER_ENDPOINT}/console${path}`);
      return page;
    },
    async close() {
      await Promise.all(contexts.map((context) => context.close()));
      await browser.close();
    },
  };
}
