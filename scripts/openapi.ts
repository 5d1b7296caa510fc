import { writeFileSync } from "node:fs";
import { openapi } from "../lambdas/api/openapi.ts";

// npm run openapi: writes the contract of the API, from the schemas that check requests.
writeFileSync(new URL("../openapi.json", import.meta.url), `${JSON.stringify(openapi(), null, 2)}\n`);
