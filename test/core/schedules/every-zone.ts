import { differences } from "./compare.ts";

// npm run zones: compares ticks with the oracle in every zone of the tz database, around every change of ten years.

const [from, to] = [Date.UTC(2020, 0, 1), Date.UTC(2030, 0, 1)];
const zones = Intl.supportedValuesOf("timeZone");
const found = zones.flatMap((zone) => differences(zone, from, to));
for (const line of found) console.log(line);
console.log(`${zones.length} zones, 2020 to 2029: ${found.length} differences`);
process.exitCode = found.length === 0 ? 0 : 1;
