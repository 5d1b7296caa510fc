import { writeFileSync } from "node:fs";
import { apiPage } from "./api-page.ts";

// npm run api-page: writes docs/api.md from the declarations that the package exports.
writeFileSync(new URL("../docs/api.md", import.meta.url), apiPage());
