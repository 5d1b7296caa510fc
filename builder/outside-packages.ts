import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { BuildResult, Message, Metafile } from "esbuild";
import { isForUs } from "./bundle-options.ts";
import { isBare, packageName } from "./bundler-messages.ts";
import { placePackages } from "./copy-packages.ts";
import {
  findPackage,
  type InstalledPackage,
  isInPackage,
  packageOf,
  packagesOf,
  readPackageJson,
} from "./installed-packages.ts";
import { looksForItself } from "./looks-for-itself.ts";
import { hasNativeCode } from "./native-code.ts";

/**
 * The packages that cannot be part of one function's bundle and lie beside it, as in the user's project. They are
 * - those with native code, or with files that are no code,
 * - those whose code asks where it lies (for a wasm file, a font, a worker), or loads others by a name that it
 *   computes,
 * - those that the bundler cannot read, or that the user has named,
 * - all that they need, so that there is one copy of each package.
 *
 * Found out from what esbuild has bundled: see docs/decisions/0025.
 */
export class OutsidePackages {
  readonly #root: string;
  /** By directory. */
  readonly #outside = new Map<string, InstalledPackage>();
  /** Directories of `#outside` and of all that they need. */
  #closed = new Set<string>();
  /** Needed by name at run time: imported by nobody, but beside the bundle all the same. */
  readonly #byName = new Map<string, InstalledPackage>();
  /** The packages that a package's code imports, by its directory, whether it says so in its `package.json` or not. */
  readonly #uses = new Map<string, Map<string, InstalledPackage>>();
  /** Imports of packages outside in this pass, with the file that has it. */
  #imports: { found: InstalledPackage; importer: string }[] = [];

  constructor(root: string) {
    this.#root = root;
  }

  startPass(): void {
    this.#imports = [];
    this.#closed = new Set(this.#withNeeds([...this.#outside.values()]).placed.map(({ directory }) => directory));
  }

  has({ directory }: InstalledPackage): boolean {
    return this.#closed.has(directory);
  }

  add(found: InstalledPackage): boolean {
    if (this.#outside.has(found.directory)) return false;
    this.#outside.set(found.directory, found);
    this.#closed.add(found.directory);
    return true;
  }

  /** @returns false if there is no such package in the project */
  addNamed(name: string): boolean {
    const found = findPackage(name, this.#root);
    if (found === undefined) return false;
    this.add(found);
    this.#byName.set(name, found);
    return true;
  }

  addOwnerOf(file: string): boolean {
    const owner = packageOf(file);
    return owner !== undefined && this.add(owner);
  }

  addImport(found: InstalledPackage, importer: string): void {
    this.#imports.push({ found, importer });
  }

  /**
   * Adds the packages that the bundler's errors are about.
   * @returns false if none is new, or an error is about the user's own code
   */
  addUnreadable(errors: readonly Message[]): boolean {
    const files = errors.map(({ location }) => location?.file ?? "");
    if (!files.every(isInPackage)) return false;
    return files.map((file) => this.addOwnerOf(resolve(this.#root, file))).some(Boolean);
  }

  /**
   * Looks at what has been bundled, and adds the packages that cannot be.
   * @returns whether there are any, and so everything is to be bundled again
   */
  async addFrom({ metafile, warnings }: BuildResult<{ metafile: true }>): Promise<boolean> {
    const ownerOf = packagesOf();
    this.#noteUses(metafile, ownerOf);
    const before = this.#outside.size + this.#byName.size;
    const files = bundledFiles(metafile).map((file) => resolve(this.#root, file));
    const loaders = new Set(
      warnings.filter(({ id }) => isForUs(id)).map(({ location }) => resolve(this.#root, location?.file ?? "")),
    );
    await Promise.all(
      files.filter(isInPackage).map(async (file) => {
        const owner = ownerOf(file);
        if (owner === undefined || this.#outside.has(owner.directory)) return;
        if (loaders.has(file) || hasNativeCode(owner) || (await looksForItself(file, owner))) this.add(owner);
      }),
    );
    if (this.#outside.size > 0 || files.some((file) => loaders.has(file))) await this.#addByName(files);
    for (const { found, importer } of this.#imports) {
      // Beside the bundle there is one of a name; whoever needs another one lies there as well, with its own in it.
      if (this.#ofThatName(found.name) !== found.directory) this.addOwnerOf(importer);
    }
    return this.#outside.size + this.#byName.size > before;
  }

  /** The packages to install beside the bundle of the last pass. All else that they need follows from them. */
  imported({ outputs }: Metafile): InstalledPackage[] {
    const imports = Object.values(outputs).flatMap((output) => output.imports);
    const names = new Set(imports.filter(({ external }) => external).map(({ path }) => packageName(path)));
    const found = new Map(
      this.#imports
        .filter(({ found: { name, directory } }) => names.has(name) && this.#ofThatName(name) === directory)
        .map(({ found }) => [found.name, found]),
    );
    for (const [name, one] of this.#byName) found.set(name, one);
    return this.#withNeeds([...found.values()]).roots.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Returns the directory of the package of this name that is nearest to the project's root. */
  #ofThatName(name: string): string | undefined {
    const all = this.#imports.filter(({ found }) => found.name === name).map(({ found }) => found.directory);
    return [...all, ...(this.#byName.has(name) ? [this.#byName.get(name)?.directory ?? ""] : [])].sort(
      (a, b) => a.length - b.length || (a < b ? -1 : 1),
    )[0];
  }

  #noteUses({ inputs }: Metafile, ownerOf: typeof packageOf): void {
    for (const [file, { imports }] of Object.entries(inputs)) {
      const user = ownerOf(resolve(this.#root, file));
      if (user === undefined) continue;
      const uses = this.#uses.get(user.directory) ?? new Map<string, InstalledPackage>();
      this.#uses.set(user.directory, uses);
      for (const { path, original } of imports) {
        const used = ownerOf(resolve(this.#root, path));
        if (used === undefined || used.directory === user.directory || original === undefined) continue;
        const name = isBare(original) ? packageName(original) : used.name;
        uses.set(name, { ...used, name });
      }
    }
  }

  /** `packages`, and beside them those that they use without saying so, or that work with them by name. */
  #withNeeds(packages: readonly InstalledPackage[]) {
    const roots = [...packages];
    for (;;) {
      const placed = placePackages(roots);
      const names = new Set(placed.map(({ name }) => name));
      const missing = placed
        .flatMap(({ directory }) => [...(this.#uses.get(directory)?.values() ?? [])])
        .find(({ name }) => !names.has(name));
      if (missing === undefined) return { roots, placed };
      roots.push(missing);
    }
  }

  /**
   * Candidates where something is loaded by a name that is computed: packages that the project depends on and
   * that its own code names in a text (a transport, a template engine), and optional peers of packages outside that it
   * depends on (the driver of a database).
   */
  async #addByName(files: readonly string[]): Promise<void> {
    const names = Object.keys(readProject(this.#root).dependencies ?? {});
    const own = await Promise.all(files.filter((file) => !isInPackage(file)).map((file) => readFile(file, "utf-8")));
    const { placed } = this.#withNeeds([...this.#outside.values()]);
    const peers = new Set(placed.flatMap(({ directory }) => optionalPeers(directory)));
    for (const name of names) {
      if (this.#byName.has(name)) continue;
      const found = findPackage(name, this.#root);
      if (found === undefined || !isInPackage(found.directory)) continue;
      const isPeer = peers.has(name) && readPackageJson(found.directory).bin === undefined;
      if (isPeer || own.some((text) => namesInText(text, name))) this.addNamed(name);
    }
  }
}

/** The files that something is left of after tree shaking. */
function bundledFiles({ outputs }: Metafile): string[] {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  return inputs
    .filter(([file, { bytesInOutput }]) => bytesInOutput > 0 && !/^[(\w-]+:/.test(file))
    .map(([file]) => file);
}

function readProject(root: string): { dependencies?: Record<string, string> } {
  try {
    return readPackageJson(root);
  } catch {
    return {};
  }
}

function optionalPeers(directory: string): string[] {
  const { peerDependencies, peerDependenciesMeta } = readPackageJson(directory);
  const names = new Set([...Object.keys(peerDependencies ?? {}), ...Object.keys(peerDependenciesMeta ?? {})]);
  return [...names].filter((name) => peerDependenciesMeta?.[name]?.optional);
}

/** Whether `text` has the name, or a path in that package, in quotes that are not those of an import. */
function namesInText(text: string, name: string): boolean {
  const quoted = name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(
    `(?<!\\b(?:from|import|import\\(|require\\(|import type)\\s*)(["'\`])${quoted}(/[^"'\`]*)?\\1`,
  ).test(text);
}
