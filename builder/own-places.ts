/**
 * Returns a source map that has the places of our own sources alone: those of packages are most of it, and go to AWS
 * with each function. A place in a package has no source then, rather than that of the code before it.
 */
export async function ownPlaces(map: string): Promise<string> {
  // Here, since the package brings its programs bundled, and does without the codec.
  const { decode, encode } = await import("@jridgewell/sourcemap-codec");
  const parsed = JSON.parse(map) as { sources: string[]; mappings: string };
  const isPackage = parsed.sources.map((source) => /(^|\/)node_modules\//.test(source));
  const mappings = decode(parsed.mappings).map((line) => {
    const places = line.map(
      ([column, source, row, place]): Place =>
        source === undefined || isPackage[source] ? [column] : [column, source, row ?? 0, place ?? 0],
    );
    // One without a source goes on until the next place.
    return places.filter((it, index) => it.length > 1 || (places[index - 1]?.length ?? 2) > 1);
  });
  const sources = parsed.sources.map((source, index) => (isPackage[index] ? "" : source));
  return JSON.stringify({ ...parsed, sources, names: [], mappings: encode(mappings) });
}

/** Column of the bundle; then the source by its number, its line and its column. All from 0. */
type Place = [number] | [number, number, number, number];
