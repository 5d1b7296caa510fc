// One cold start: loads a handler as Lambda's runtime does, calls it once, says how long both took.
// Arguments: the folder of the code, the event as JSON.

const [, , folder, event] = process.argv;
const beforeImport = performance.now();
const { handler } = await import(`${folder}/index.mjs`);
const importMs = performance.now() - beforeImport;
const context = { awsRequestId: "bench", getRemainingTimeInMillis: () => 30_000 };
const answer = await handler(JSON.parse(event), context);
const { user, system } = process.cpuUsage();
process.stdout.write(`\n${JSON.stringify({ importMs, cpuMs: (user + system) / 1000, answer })}\n`);
process.exit();
