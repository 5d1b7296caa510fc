import { constants } from "node:fs";
import { cp, mkdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { dependenciesOf, type InstalledPackage } from "./installed-packages.ts";
import { mapConcurrently } from "./map-concurrently.ts";

/** Each copies one file after the other, and waits for the disk most of the time. */
const COPIES_AT_ONCE = 8;

/** A package and the place it gets: the names of the packages it lies in, and its own. */
export interface PlacedPackage extends InstalledPackage {
  place: readonly string[];
}

/**
 * Puts `packages` and all they depend on into `directory/node_modules`, as they are installed in the user's project:
 * for running on this machine.
 */
export async function copyPackages(packages: readonly InstalledPackage[], directory: string): Promise<void> {
  // Outer packages come first, and inner ones go into them.
  const byDepth = Map.groupBy(placePackages(packages), ({ place }) => place.length);
  for (const depth of [...byDepth.keys()].sort((a, b) => a - b))
    await mapConcurrently(byDepth.get(depth) ?? [], (placed) => copyPackage(placed, directory), COPIES_AT_ONCE);
}

async function copyPackage({ directory: from, place }: PlacedPackage, directory: string): Promise<void> {
  const target = pathOf(directory, place);
  await mkdir(dirname(target), { recursive: true });
  await cp(from, target, {
    recursive: true,
    dereference: true,
    mode: constants.COPYFILE_FICLONE,
    // Packages within have a place of their own, if they are needed at all.
    filter: (path) => path !== join(from, "node_modules"),
  });
}

/** Makes `packages` loadable from `directory` where they are: enough for a look at a bundle on this machine. */
export async function linkPackages(packages: readonly InstalledPackage[], directory: string): Promise<void> {
  for (const { name, directory: from } of packages) {
    const target = pathOf(directory, [name]);
    await mkdir(dirname(target), { recursive: true });
    await symlink(from, target, "junction");
  }
}

/**
 * Gives every package that is needed a place where all that need it find it, and nothing else of that name: at the top
 * if that is free, else within the package that needs it.
 */
export function placePackages(packages: readonly InstalledPackage[]): PlacedPackage[] {
  const placed = new Map<string, PlacedPackage>();
  const put = (installed: InstalledPackage, place: readonly string[]) =>
    placed.set(place.join(" "), { ...installed, place });
  const visible = (name: string, from: readonly string[]) =>
    from
      .map((_, depth) => placed.get([...from.slice(0, from.length - depth), name].join(" ")))
      .concat(placed.get(name))
      .find((one) => one !== undefined);
  for (const installed of packages) put(installed, [installed.name]);
  // A Map hands out what is added while it is walked through.
  for (const { place, ...installed } of placed.values()) {
    for (const needed of dependenciesOf(installed)) {
      const seen = visible(needed.name, place);
      if (seen === undefined) put(needed, [needed.name]);
      else if (seen.directory !== needed.directory) put(needed, [...place, needed.name]);
    }
  }
  return [...placed.values()];
}

function pathOf(directory: string, place: readonly string[]): string {
  return join(directory, ...place.flatMap((name) => ["node_modules", name]));
}
