import { eachKind } from "./each-kind.ts";

/** Marks kinds of failures as mended. */
export default eachKind((failures, fingerprint) => failures.resolve(fingerprint));
