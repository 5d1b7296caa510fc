/**
 * The state of the process that user code can change and that a later attempt would see, as it was when this was
 * called; returns a function that says what has changed since, if anything.
 */
export function processState(): () => string | undefined {
  const environmentObject = process.env;
  const environment = ownEnvironment();
  const folder = currentFolder();
  const umask = process.umask();
  const builtins = [globalThis, process, console, ...builtinObjects()].map((object) => snapshot(object));
  const listeners = new Map(process.eventNames().map((event) => [event, listenersOf(event)]));
  return () => {
    if (process.env !== environmentObject || ownEnvironment() !== environment) return "process.env was changed";
    if (currentFolder() !== folder) return "the working directory was changed";
    if (process.umask() !== umask) return "the umask was changed";
    if (process.exitCode !== undefined) return "process.exitCode was set";
    if (!process.stdout.writable || !process.stderr.writable) return "stdout or stderr was closed";
    for (const changed of builtins) {
      const name = changed();
      if (name !== undefined) return `${name} was changed`;
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
const GLOBALS = new Set(
  `setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate queueMicrotask structuredClone
  fetch Buffer URL URLSearchParams AbortController TextEncoder TextDecoder
  ${[...LANGUAGE.map(({ name }) => name)].join(" ")} JSON Math Reflect Symbol console process`.split(/\s+/),
);

const EMPTY = Symbol("empty");

/** Returns a function that names a property that was added, replaced or removed since. */
function snapshot(object: object): () => string | undefined {
  const target = object as Record<string, unknown>;
  const names = Object.getOwnPropertyNames(object);
  const known = new Set(names);
  // Accessors may be lazy, and replace themselves when they are first read.
  const values = names.map((name) => {
    if (object === globalThis && !GLOBALS.has(name)) return EMPTY;
    const descriptor = Object.getOwnPropertyDescriptor(object, name);
    const isShared = object !== process || typeof descriptor?.value === "function";
    return descriptor !== undefined && "value" in descriptor && isShared ? (descriptor.value as unknown) : EMPTY;
  });
  return () => {
    const now = Object.getOwnPropertyNames(object);
    if (now.length !== names.length || object === globalThis) {
      const added = now.find((name) => !known.has(name) && target[name] !== undefined);
      if (added !== undefined && object !== process) return named(object, added);
    }
    const index = names.findIndex((name, at) => values[at] !== EMPTY && !Object.is(target[name], values[at]));
    return index === -1 ? undefined : named(object, names[index] ?? "");
  };
}

function named(object: object, property: string): string {
  if (object === globalThis) return `the global ${property}`;
  const owner = typeof object === "function" ? object.name : Object.prototype.toString.call(object).slice(8, -1);
  return `${owner}.${property}`;
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
