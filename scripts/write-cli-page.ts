import { writeFileSync } from "node:fs";
import { cliPage } from "./cli-page.ts";

// npm run cli-page: writes docs/cli.md from the verbs.
writeFileSync(new URL("../docs/cli.md", import.meta.url), cliPage());
