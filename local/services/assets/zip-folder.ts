import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";

/** Source: APPNOTE.TXT 4.3. */
const LOCAL = 0x04034b50;
const ENTRY = 0x02014b50;
const END = 0x06054b50;
const DEFLATED = 8;

/** Made by Unix, whose rights stand in the upper half of the attributes. */
const MADE_BY_UNIX = 3 << 8;

/** Names are in UTF-8. */
const UTF8 = 1 << 11;

/** Returns a folder as the CDK uploads it: a ZIP archive, in which links are what they lead to. */
export function zipFolder(directory: string): Buffer {
  const parts: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const file of filesIn(directory)) {
    const name = Buffer.from(relative(directory, file).split(sep).join("/"));
    const content = readFileSync(file);
    const packed = deflateRawSync(content, { level: 1 });
    const sizes = Buffer.alloc(16);
    sizes.writeUInt32LE(crc32(content), 0);
    sizes.writeUInt32LE(packed.length, 4);
    sizes.writeUInt32LE(content.length, 8);
    sizes.writeUInt16LE(name.length, 12);
    const local = numbers([LOCAL, 4], [20, 2], [UTF8, 2], [DEFLATED, 2], [0, 4]);
    const entry = numbers([ENTRY, 4], [MADE_BY_UNIX | 20, 2], [20, 2], [UTF8, 2], [DEFLATED, 2], [0, 4]);
    const attributes = (statSync(file).mode << 16) >>> 0;
    entries.push(entry, sizes, numbers([0, 2], [0, 4], [attributes, 4], [offset, 4]), name);
    parts.push(local, sizes, name, packed);
    offset += local.length + sizes.length + name.length + packed.length;
  }
  const directorySize = entries.reduce((sum, { length }) => sum + length, 0);
  const count = entries.length / 4;
  const end = numbers([END, 4], [0, 4], [count, 2], [count, 2], [directorySize, 4], [offset, 4], [0, 2]);
  return Buffer.concat([...parts, ...entries, end]);
}

function filesIn(directory: string): string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });
}

function numbers(...fields: (readonly [value: number, bytes: 2 | 4])[]): Buffer {
  return Buffer.concat(
    fields.map(([value, bytes]) => {
      const field = Buffer.alloc(bytes);
      field.writeUIntLE(value, 0, bytes);
      return field;
    }),
  );
}
