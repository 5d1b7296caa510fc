import fs, { existsSync, type PathLike, realpathSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

// Preloaded (`--import`) into every process that stands for one on Lambda: there all files can be read, and only the
// temporary folder can be written. Why it is done here, and what it does not hold: docs/decisions.

/** Errno of EROFS on Linux. */
const EROFS = -30;

// biome-ignore lint/suspicious/noExplicitAny: functions of node:fs are replaced whatever their arguments are
type AnyFunction = (...args: any[]) => any;
/** Returns the path that a call would change, if it would. */
type Target = (...args: unknown[]) => string | undefined;

const { constants } = fs;
const WRITING = constants.O_WRONLY | constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND;
const taskRoot = foldersOf(process.cwd());
const writable = [...foldersOf(tmpdir()), "/dev"];

/** For what is there and would be changed: without it the call fails by itself. */
const changed =
  (index: number): Target =>
  (...args) => {
    const path = pathOf(args[index]);
    return path !== undefined && existsSync(path) ? path : undefined;
  };

/** For what would be made: without its folder the call fails by itself. */
const made =
  (index: number): Target =>
  (...args) => {
    const path = pathOf(args[index]);
    return path !== undefined && existsSync(dirname(path)) ? path : undefined;
  };

const opened: Target = (path, flags = "r") => {
  const isWriting = typeof flags === "number" ? (flags & WRITING) !== 0 : /[wa+]/.test(String(flags));
  return isWriting ? made(0)(path) : undefined;
};

const madeFolder: Target = (path, options) => {
  const folder = pathOf(path);
  if (folder === undefined || existsSync(folder)) return undefined;
  const isRecursive = typeof options === "object" && options !== null && "recursive" in options && options.recursive;
  return isRecursive || existsSync(dirname(folder)) ? folder : undefined;
};

const accessed: Target = (path, mode) =>
  typeof mode === "number" && (mode & constants.W_OK) !== 0 ? changed(0)(path) : undefined;

const temporary: Target = (prefix) => made(0)(`${pathOf(prefix)}x`);

const targets: Record<string, Target> = {
  access: accessed,
  appendFile: made(0),
  chmod: changed(0),
  chown: changed(0),
  copyFile: made(1),
  cp: made(1),
  lchown: changed(0),
  link: made(1),
  lutimes: changed(0),
  mkdir: madeFolder,
  mkdtemp: temporary,
  open: opened,
  rename: (from, to) => changed(0)(from) ?? made(0)(to),
  rm: changed(0),
  rmdir: changed(0),
  symlink: made(1),
  truncate: changed(0),
  unlink: changed(0),
  utimes: changed(0),
  writeFile: made(0),
};

for (const [name, target] of Object.entries(targets)) {
  replace(fs.promises, name, target, (error) => Promise.reject(error));
  replace(fs, `${name}Sync`, target, (error) => {
    throw error;
  });
  replace(fs, name, target, (error, args) => {
    const callback = args.at(-1);
    if (typeof callback !== "function") throw error;
    process.nextTick(callback as AnyFunction, error);
  });
}
syncBuiltinESMExports();

function replace(
  module: object,
  name: string,
  target: Target,
  refuse: (error: Error, args: unknown[]) => unknown,
): void {
  const functions = module as Record<string, AnyFunction | undefined>;
  const original = functions[name];
  if (original === undefined) return;
  const guarded: AnyFunction = function (this: unknown, ...args) {
    const path = target(...args);
    if (path === undefined || mayWrite(path)) return original.apply(this, args);
    return refuse(readOnly(name.replace(/Sync$/, ""), path), args);
  };
  // Some of them have more on them: `promisify` asks for that.
  functions[name] = Object.assign(Object.defineProperties(guarded, { name: { value: name } }), original);
}

function mayWrite(path: string): boolean {
  return isWithin(path, writable) && !isWithin(path, taskRoot);
}

function isWithin(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path === folder || path.startsWith(folder + sep));
}

/** A folder by its name and by its real one: on macOS the temporary folder is behind a link. */
function foldersOf(folder: string): string[] {
  return [resolve(folder), realpathSync(folder)];
}

// A link counts by where it leads, as far as it exists.
function pathOf(path: unknown): string | undefined {
  const text = path instanceof URL ? fileURLToPath(path) : Buffer.isBuffer(path) ? path.toString() : path;
  if (typeof text !== "string") return undefined;
  const absolute = resolve(text);
  try {
    return join(realpathSync(dirname(absolute) as PathLike), absolute.slice(dirname(absolute).length));
  } catch {
    return absolute;
  }
}

function readOnly(syscall: string, path: string): NodeJS.ErrnoException {
  const error = new Error(`EROFS: read-only file system, ${syscall} '${path}'`);
  return Object.assign(error, { errno: EROFS, code: "EROFS", syscall, path });
}
