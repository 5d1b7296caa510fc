import { renameSync, writeFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A file that tells running tasks how far the clock of the cloud has been moved forward; `follow-clock.ts` reads it.
 */
export class ClockFile {
  readonly #directory: string;
  readonly path: string;

  private constructor(directory: string) {
    this.#directory = directory;
    this.path = join(directory, "ahead-ms");
  }

  static async create(): Promise<ClockFile> {
    const file = new ClockFile(await mkdtemp(join(tmpdir(), "epoque-clock-")));
    await writeFile(file.path, "0");
    return file;
  }

  /** Never leaves half a number there. */
  write(aheadMs: number): void {
    const next = `${this.path}.next`;
    writeFileSync(next, String(aheadMs));
    renameSync(next, this.path);
  }

  async remove(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }
}
