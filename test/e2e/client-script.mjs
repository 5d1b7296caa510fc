// A user's app: @defer/client and the two variables of the ready line, nothing else.
import { awaitResult, defer, getExecution } from "@defer/client";

const echo = defer(async function echo(value) {
  return value;
});
const nothing = defer(async function nothing() {});
const explode = defer(async function explode(_reason) {});
const parent = defer(async function parent(_value) {});

const large = "x".repeat(5 * 1024 * 1024 - 4);
const results = await Promise.allSettled([
  awaitResult(echo)("abc"),
  awaitResult(echo)(large),
  awaitResult(echo)({ nested: [1, null, "é\u2028"] }),
  awaitResult(nothing)(),
  awaitResult(explode)({ why: "it was too hot" }),
  awaitResult(parent)("child"),
]);
const [small, big, nested, nothingAtAll, exploded, child] = results;
const unknown = await defer(async function unknown() {})().catch((error) => error.message);
process.stdout.write(
  JSON.stringify({
    small,
    bigIsEqual: big.value === large,
    nested,
    nothingAtAll,
    exploded: { status: exploded.status, message: exploded.reason.message, stack: exploded.reason.stack },
    child: await getExecution(child.value),
    unknown,
  }),
);
