import { checkedFetch } from "../../harness/openapi.ts";
import { checks } from "./checks.ts";
import { changed } from "./journeys/changed.ts";
import { oneOfEach } from "./journeys/one-of-each.ts";
import { samples } from "./journeys/samples.ts";

// node test/foreign/drive.ts <journey>: drives a deployed Epoque with the real client. DEFER_ENDPOINT and DEFER_TOKEN
// say where it is, AWS's own variables lead to its account. A process of its own, since Node reads proxy and
// certificate at its start.

const journeys = { samples, changed, oneOfEach };

// The client writes what it does to the console.
const write = console.log;
console.log = console.info = console.debug = () => {};
globalThis.fetch = checkedFetch(process.env["DEFER_ENDPOINT"] ?? "", globalThis.fetch);
const journey = journeys[process.argv[2] as keyof typeof journeys];
const { check, failed } = checks(write);
await journey(check);
process.exit(failed() === 0 ? 0 : 1);
