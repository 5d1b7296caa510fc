/**
 * The state of the process that user code can change and that a later attempt would see, as it was when this was
 * called; returns a function that says what has changed since, if anything.
 */
export function processState(): () => string | undefined {
  const environmentObject = process.env;
  const environment = ownEnvironment();
  const folder = currentFolder();
  const umask = process.umask();
  const isCapturing = process.hasUncaughtExceptionCaptureCallback();
  const builtins = [globalThis, process, console, ...builtinObjects()].map((object) => snapshot(object));
  const listeners = new Map(process.eventNames().map((event) => [event, listenersOf(event)]));
  return () => {
    if (process.env !== environmentObject || ownEnvironment() !== environment) return "process.env was changed";
    if (currentFolder() !== folder) return "the working directory was changed";
    if (process.umask() !== umask) return "the umask was changed";
    if (process.hasUncaughtExceptionCaptureCallback() !== isCapturing) return "a capture of exceptions was set";
    if (process.exitCode !== undefined) return "process.exitCode was set";
    if (!process.stdout.writable || !process.stderr.writable) return "stdout or stderr was closed";
    for (const changeOf of builtins) {
      const change = changeOf();
      if (change !== undefined) return change;
    }
    return putListenersBack(listeners) ? undefined : "listeners of process were removed";
  };
}

/** Variables that the runner sets anew for every attempt. */
const RUNNERS_OWN = new Set(["DEFER_TOKEN", "DEFER_ENDPOINT"]);

function ownEnvironment(): string {
  const entries = Object.entries(process.env).filter(([name]) => !RUNNERS_OWN.has(name));
  return entries.map(([name, value]) => `${name}=${value}`).join("\0");
}

function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return "a folder that is gone";
  }
}

/** The objects of the language that programs patch. Looking at all the globals would load what Node loads lazily. */
const LANGUAGE = [Array, BigInt, Boolean, Date, Error, Function, Map, Number, Object, Promise, RegExp, Set, String];
const NAMESPACES = [JSON, Math, Reflect];

function builtinObjects(): object[] {
  const modules = [process.getBuiltinModule("node:fs"), process.getBuiltinModule("node:timers")];
  return [...LANGUAGE.flatMap((it) => [it, it.prototype as object]), ...NAMESPACES, ...modules];
}

/** The globals whose values are looked at too: no other program of the process may replace them. */
const GLOBALS = new Set<string | symbol>(
  `setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate queueMicrotask structuredClone
  fetch Buffer URL URLSearchParams AbortController TextEncoder TextDecoder
  ${[...LANGUAGE.map(({ name }) => name)].join(" ")} JSON Math Reflect Symbol console process`.split(/\s+/),
);

const EMPTY = Symbol("empty");

/** Returns a function that names a property that was added, replaced or removed since. */
function snapshot(object: object): () => string | undefined {
  const target = object as Record<string | symbol, unknown>;
  // Node and libraries keep what is theirs under symbols of these two.
  const keysOf = object === globalThis || object === process ? Object.getOwnPropertyNames : Reflect.ownKeys;
  const keys = keysOf(object);
  const known = new Set(keys);
  // Accessors may be lazy, and replace themselves when they are first read.
  const values = keys.map((key) => {
    if (object === globalThis && !GLOBALS.has(key)) return EMPTY;
    const descriptor = Object.getOwnPropertyDescriptor(object, key);
    const isShared = object !== process || typeof descriptor?.value === "function";
    return descriptor !== undefined && "value" in descriptor && isShared ? (descriptor.value as unknown) : EMPTY;
  });
  return () => {
    if (!Object.isExtensible(object)) return `${named(object)} was frozen`;
    const added =
      object === process ? undefined : keysOf(object).find((key) => !known.has(key) && target[key] !== undefined);
    const changed = added ?? keys.find((key, at) => values[at] !== EMPTY && !Object.is(target[key], values[at]));
    return changed === undefined ? undefined : `${named(object)} ${String(changed)} was changed`;
  };
}

function named(object: object): string {
  if (object === globalThis) return "the global";
  return typeof object === "function" ? object.name : Object.prototype.toString.call(object).slice(8, -1);
}

type Listeners = ReadonlySet<unknown>;

function listenersOf(event: string | symbol): Listeners {
  return new Set(process.rawListeners(event as "exit"));
}

/** Removes the listeners that were added; `false` if one that was there is missing. */
function putListenersBack(before: ReadonlyMap<string | symbol, Listeners>): boolean {
  for (const event of process.eventNames()) {
    for (const listener of process.rawListeners(event as "exit")) {
      if (!before.get(event)?.has(listener)) process.removeListener(event as "exit", listener as () => void);
    }
  }
  return [...before].every(([event, listeners]) => listenersOf(event).size >= listeners.size);
}
