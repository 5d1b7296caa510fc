import { createHash } from "node:crypto";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take 20 seconds of processor time and more. */
const LONGEST =
  /\/(every-statement|package|soak|in-flight|simulation|crash-points|contract\/aws|fargate|restart|steering|client-versions|examples\/flow-control)\.test/;

/** Files that take five seconds and more, most of it waiting. */
const LONG =
  /\/test\/(e2e|local\/rights|model|examples)\/|\/(mutants|fairness|wall|isolation|supervisor|event-source|kills|scheduler|synthesized|build-functions|projects|imports-of-packages)\.test/;

/**
 * Begins with the long files, so that none of them is left when all others have ended, and ends with those that share a
 * process, which would end where another file comes in between. Otherwise the order is random, by the seed of the run.
 */
export default class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { seed } = this.ctx.config.sequence;
    const rankOf = ({ project, moduleId }: TestSpecification) => {
      const random = createHash("sha256").update(`${seed} ${moduleId}`).digest("hex");
      const length = LONGEST.test(moduleId) ? 0 : LONG.test(moduleId) ? 1 : 2;
      return `${project.config.isolate ? 0 : 1} ${length} ${random}`;
    };
    const ranks = new Map(files.map((file) => [file, rankOf(file)]));
    return files.toSorted((a, b) => ((ranks.get(a) ?? "") < (ranks.get(b) ?? "") ? -1 : 1));
  }
}
