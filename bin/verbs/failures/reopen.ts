import { eachKind } from "./each-kind.ts";

/** Opens kinds of failures again. */
export default eachKind((failures, fingerprint) => failures.reopen(fingerprint));
