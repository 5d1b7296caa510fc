import { AsyncLocalStorage } from "node:async_hooks";
import { Socket } from "node:net";

/** One attempt, in the user's process. */
export interface AttemptContext {
  readonly nonce: string;
  isOver: boolean;
}

/** A connection outlives the attempt that opened it, and serves the later ones: its events may belong to either. */
interface Connection {
  readonly openedBy: AttemptContext | undefined;
}

// Node carries the store through timers, promises, rejections and handles, so it tells which attempt code belongs to.
const storage = new AsyncLocalStorage<AttemptContext | Connection>();

/** Calls `run` so that everything it starts is known to belong to `attempt`. */
export function runWithin<T>(attempt: AttemptContext, run: () => T): T {
  return storage.run(attempt, run);
}

/** Returns the attempt, over by now, that the calling code was started by, if there is one. */
export function pastAttempt(): AttemptContext | undefined {
  const store = storage.getStore();
  return store !== undefined && "isOver" in store && store.isOver ? store : undefined;
}

/**
 * Returns the attempt, over by now, that an uncaught `error` belongs to, if there is one. To be called where it is
 * caught.
 */
export function pastAttemptOf(error: unknown): AttemptContext | undefined {
  const store = storage.getStore();
  // Nobody listened to the failure of a connection. Whoever uses one that a former attempt opened hears of it by an
  // error of his own.
  if (store !== undefined && "openedBy" in store && store.openedBy?.isOver && isSystemError(error)) {
    return store.openedBy;
  }
  return pastAttempt();
}

/**
 * Lets connections remember who opened them, and their events belong to no attempt: a callback that comes through a
 * pooled connection mostly belongs to a later attempt than the one that opened it.
 */
export function trackConnections(): void {
  wrapConnect(Socket.prototype);
}

/** The same for TLS, if it is loaded: loading it takes longer than a small function. */
export function trackTlsConnections(): void {
  const { moduleLoadList } = process as unknown as { moduleLoadList?: string[] };
  if (isTlsTracked || moduleLoadList?.includes("NativeModule tls") !== true) return;
  isTlsTracked = true;
  wrapConnect(process.getBuiltinModule("node:tls"));
  process.getBuiltinModule("node:module").syncBuiltinESMExports();
}

let isTlsTracked = false;

function wrapConnect(owner: object): void {
  const target = owner as { connect: (...args: unknown[]) => unknown };
  const { connect } = target;
  target.connect = function (this: unknown, ...args: unknown[]) {
    const store = storage.getStore();
    const openedBy = store !== undefined && "isOver" in store ? store : store?.openedBy;
    return storage.run({ openedBy }, () => connect.apply(this, args));
  };
}

function isSystemError(error: unknown): boolean {
  try {
    return error instanceof Error && "syscall" in error;
  } catch {
    return false;
  }
}
