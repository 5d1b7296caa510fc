/** The oldest Node that this runs on; `engines` in package.json says the same. */
const OLDEST = 22;

/** In one line what is wrong with the Node that runs us, if something is. npm itself only warns. */
export function problemWithNode(version = process.versions.node): string | undefined {
  return Number.parseInt(version, 10) < OLDEST
    ? `Epoque needs Node.js ${OLDEST} or newer, and this is ${version}`
    : undefined;
}
