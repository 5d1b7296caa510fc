import { inflateRawSync } from "node:zlib";

/** A file in an archive. */
export interface ZippedFile {
  /** With slashes. */
  path: string;
  /** Its rights. */
  mode: number;
  content: () => Buffer;
}

/** Begins the record at the end of an archive, and each entry of the directory before it. Source: APPNOTE.TXT 4.3. */
const END = 0x06054b50;
const ENTRY = 0x02014b50;

/** Length of these without their texts. */
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;

/** The longest comment at the end. */
const MAX_COMMENT = 0xffff;

const STORED = 0;
const DEFLATED = 8;

/** Rights of a file that states none. */
const DEFAULT_MODE = 0o644;

/**
 * Yields the files of a ZIP archive, by its directory.
 * @throws Error for an archive that is broken or over 4 GB, an encrypted file, or a compression other than deflate
 */
export function* unzip(archive: Buffer): Generator<ZippedFile> {
  const end = findEnd(archive);
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    if (archive.readUInt32LE(at) !== ENTRY) throw new Error("the archive's directory is broken");
    const nameLength = archive.readUInt16LE(at + 28);
    const path = archive.toString("utf-8", at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength);
    if (!path.endsWith("/")) {
      if (path.startsWith("/") || path.split("/").includes("..")) throw new Error(`the archive reaches out: ${path}`);
      yield { path, mode: modeOf(archive, at), content: contentOf(archive, at, path) };
    }
    at += ENTRY_BYTES + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
}

function findEnd(archive: Buffer): number {
  const last = archive.length - END_BYTES;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
    if (archive.readUInt32LE(at) === END) return at;
  }
  throw new Error("this is no ZIP archive");
}

// Unix has its rights in the upper half. Source: Info-ZIP.
function modeOf(archive: Buffer, entry: number): number {
  return (archive.readUInt32LE(entry + 38) >>> 16) & 0o777 || DEFAULT_MODE;
}

// The directory knows the sizes; the header before the file may not.
function contentOf(archive: Buffer, entry: number, path: string): () => Buffer {
  const isEncrypted = (archive.readUInt16LE(entry + 8) & 1) === 1;
  const method = archive.readUInt16LE(entry + 10);
  const size = archive.readUInt32LE(entry + 20);
  const header = archive.readUInt32LE(entry + 42);
  if (isEncrypted || (method !== STORED && method !== DEFLATED)) throw new Error(`${path} is packed in another way`);
  return () => {
    const begin = header + LOCAL_BYTES + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
    const packed = archive.subarray(begin, begin + size);
    return method === STORED ? packed : inflateRawSync(packed);
  };
}
