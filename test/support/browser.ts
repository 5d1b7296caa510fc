import { existsSync } from "node:fs";

const PATHS = ["chromium", "chromium-browser", "google-chrome"].map((name) => `/usr/bin/${name}`);

/** Path of the Chromium of this machine; `undefined` without one. */
export function findChromium(): string | undefined {
  return PATHS.find((path) => existsSync(path));
}
