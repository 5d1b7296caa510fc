import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { styleText } from "node:util";
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { type Cloud, startCloud } from "../../local/cloud.ts";
import { consoleLink } from "../invocation/console-link.ts";
import { printable } from "../terminal/printable.ts";
import { type Assembly, assemble } from "./assembly.ts";
import { prepareDataDirectory } from "./data-directory.ts";
import type { Flags } from "./flags.ts";
import { formatLogLine } from "./log-line.ts";
import { describeFailure, listed, welcome } from "./messages.ts";
import { watch } from "./watch.ts";

/** A day: the address of the console is printed long before somebody opens it. */
const CODE_SECONDS = 86_400;

export interface ServeOptions {
  print: (text: string) => void;
  warn: (text: string) => void;
  /** Shows what is being waited for, in place of what it showed before. */
  progress: (text: string) => void;
  /** Ends the run. */
  signal: AbortSignal;
}

/** Runs everything until `signal` is aborted; then nothing of it is left. Rejects if it cannot start. */
export async function serve(flags: Flags, options: ServeOptions): Promise<void> {
  if (flags.dataDirectory !== undefined) await prepareDataDirectory(flags.dataDirectory);
  const parent = await mkdtemp(join(tmpdir(), "epoque-"));
  try {
    options.progress("building the functions …");
    const first = await assemble(flags.functionsDirectory, parent, { ...flags, console: true });
    options.progress("");
    tell(first, options);
    if (options.signal.aborted) return;
    options.progress("starting the cloud of this machine …");
    const cloud = await startCloud({
      assembly: first.directory,
      port: flags.port,
      dynamodb: flags.dynamodb,
      beforeServing: (cloud) => setToken(cloud, flags.token),
      onLog: ({ functionName, stream, line }) => {
        const text = formatLogLine(functionName, line);
        if (text !== undefined) (stream === "stdout" ? options.print : options.warn)(text);
      },
      ...(flags.dataDirectory !== undefined && { dataDirectory: flags.dataDirectory }),
    });
    try {
      await serveUntilAborted(cloud, first, parent, flags, options);
    } finally {
      await cloud.stop();
    }
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

async function serveUntilAborted(
  cloud: Cloud,
  first: Assembly,
  parent: string,
  flags: Flags,
  options: ServeOptions,
): Promise<void> {
  let { built } = first;
  const files = await watch(flags.functionsDirectory, first.inputs, async () => {
    try {
      const assembly = await assemble(flags.functionsDirectory, parent, { ...flags, console: true, lastGood: built });
      built = assembly.built;
      tell(assembly, options);
      await cloud.update(assembly.directory);
      files.add(assembly.inputs);
      options.print(`updated  ${listed(assembly.functions)}`);
    } catch (error) {
      // The last good build stays.
      options.warn(printable(describeFailure(error)));
    }
  });
  try {
    const target = { endpoint: cloud.apiEndpoint, token: flags.token };
    const link = await consoleLink(target, { validSeconds: CODE_SECONDS, send: fetch });
    options.progress("");
    options.print(welcome(cloud.apiEndpoint, flags.token, first.functions, link));
    if (!options.signal.aborted) await once(options.signal, "abort");
  } finally {
    await files.close();
  }
}

// One bad file harms no other: the good functions are served.
function tell({ warnings, problems, outdated }: Assembly, { warn }: ServeOptions): void {
  for (const warning of warnings) warn(printable(warning));
  // Plain where it is no terminal.
  const red = (text: string) => styleText("red", text, { stream: process.stderr });
  for (const problem of problems) warn(`${red("not served")}  ${printable(problem)}`);
  for (const problem of outdated) warn(`${red("not updated")}  ${printable(problem)}`);
}

/** Sets the API token as an operator would: a new version of the secret. */
async function setToken(cloud: Cloud, token: string): Promise<void> {
  const SecretId = cloud.outputs["Epoque-stateless"]?.["TokenSecret"];
  const client = new SecretsManagerClient({
    endpoint: cloud.gatewayEndpoint,
    region: cloud.region,
    credentials: cloud.operator,
  });
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }));
    if (SecretString !== token) await client.send(new PutSecretValueCommand({ SecretId, SecretString: token }));
  } finally {
    client.destroy();
  }
}
