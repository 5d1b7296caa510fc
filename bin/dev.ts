import { dev } from "./dev/dev.ts";

// npm start: the whole of Epoque on this machine, on the templates that are deployed.
await dev(process.argv.slice(2), "npm start --");
