import { describe, expect, it } from "vitest";
import { Beginnings, Missing, peerPackage } from "../../bench/peers/peer.ts";

describe("a peer", () => {
  it("is skipped with a word on what to do where its package is not installed", async () => {
    const loading = peerPackage("no-such-package");
    await expect(loading).rejects.toThrow(Missing);
    await expect(loading).rejects.toThrow("no-such-package is not installed: npm ci --prefix bench");
  });

  it("tells when a job began, whether that was before it was asked or after", async () => {
    const beginnings = new Beginnings();
    const asked = beginnings.get("a");
    beginnings.note("a");
    beginnings.note("b");
    expect(await asked).toBeLessThanOrEqual(Date.now());
    expect(await beginnings.get("b")).toBeGreaterThanOrEqual(await asked);
  });
});
