import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createWriteStream, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { killTree } from "../../local/runtime/process-tree.ts";
import { startProxy } from "./proxy.ts";

/** A running emulator of AWS, which checks signatures and IAM policies. */
export interface Emulator {
  /** Leads a program to it in place of AWS. */
  environment: Record<string, string>;
  /** Leads a caller of a deployed API there too: the host names of APIs go through a proxy. */
  proxied: Record<string, string>;
  stop(): void;
}

/** Starts MiniStack, with its logs and the code of its Lambdas in `directory`. Resolves when it answers. */
export async function startEmulator(programs: string, directory: string): Promise<Emulator> {
  const port = await freePort();
  const proxy = `http://127.0.0.1:${await startProxy(port)}`;
  const proxied = { NODE_USE_ENV_PROXY: "1", HTTP_PROXY: proxy, HTTPS_PROXY: proxy, NO_PROXY: "127.0.0.1" };
  const { certificate, key } = certificateFor(directory);
  const credentials = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
  const temporary = join(directory, "tmp");
  mkdirSync(temporary);
  const mark = randomUUID();
  const child = spawn(join(programs, "python"), [fileURLToPath(new URL("emulator.py", import.meta.url))], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...ownEnvironment(),
      ...credentials,
      // Its Lambdas reach the deployed API by the proxy too.
      ...proxied,
      NODE_EXTRA_CA_CERTS: certificate,
      EPOQUE_FOREIGN: mark,
      TMPDIR: temporary,
      GATEWAY_PORT: String(port),
      BIND_HOST: "127.0.0.1",
      SFTP_ENABLED: "0",
      IOT_MTLS_ENABLED: "0",
      AUTH: "true",
      USE_SSL: "1",
      MINISTACK_SSL_CERT: certificate,
      MINISTACK_SSL_KEY: key,
    },
  });
  const log = createWriteStream(join(directory, "emulator.log"));
  for (const stream of [child.stdout, child.stderr]) stream.pipe(log, { end: false });
  const stop = () => child.pid !== undefined && killTree(child.pid, mark);
  process.once("exit", stop);
  await answering(child, port);
  const environment = {
    ...ownEnvironment(),
    ...credentials,
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ENDPOINT_URL: `https://127.0.0.1:${port}`,
    AWS_CA_BUNDLE: certificate,
    NODE_EXTRA_CA_CERTS: certificate,
  };
  return { environment, proxied: { ...environment, ...proxied }, stop };
}

/** Returns our environment without what would lead to a real account. */
function ownEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => !/^(AWS_|DEFER_|EPOQUE_)/.test(name));
  return Object.fromEntries(entries) as Record<string, string>;
}

function certificateFor(directory: string): { certificate: string; key: string } {
  const [certificate, key] = [join(directory, "certificate.pem"), join(directory, "key.pem")];
  const names = "subjectAltName=DNS:localhost,DNS:*.execute-api.localhost,IP:127.0.0.1";
  const files = ["-keyout", key, "-out", certificate];
  const extensions = ["-addext", names, "-addext", "basicConstraints=critical,CA:FALSE"];
  const subject = ["-days", "30", "-subj", "/CN=emulator"];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...files, ...subject, ...extensions], {
    stdio: "pipe",
  });
  return { certificate, key };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answering(child: ChildProcess, port: number): Promise<void> {
  for (const until = Date.now() + 30_000; Date.now() < until; ) {
    if (child.exitCode !== null) throw new Error(`the emulator ended with exit code ${child.exitCode}`);
    // It speaks TLS with a certificate that this process does not know: that it accepts connections is enough.
    const isUp = await fetch(`https://127.0.0.1:${port}/_ministack/health`).catch((error: Error) => {
      const { code } = (error.cause ?? {}) as { code?: string };
      return code === "DEPTH_ZERO_SELF_SIGNED_CERT";
    });
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("the emulator did not answer within 30 s");
}
