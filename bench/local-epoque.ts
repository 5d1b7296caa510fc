import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { assemble } from "../bin/dev/assembly.ts";
import { type Cloud, type LogEntry, startCloud } from "../local/cloud.ts";

/** Epoque on the local cloud. */
export interface LocalEpoque {
  cloud: Cloud;
  /** Any call below `/public/v2/executions`; gives the answer's JSON. Rejects for what is not a success. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

/** With the functions of a folder of `bench/`. */
export async function localEpoque(
  functions: string,
  onLog: (entry: LogEntry) => void = () => {},
): Promise<LocalEpoque> {
  const directory = await mkdtemp(join(tmpdir(), "epoque-bench-"));
  const remove = () => rm(directory, { recursive: true });
  try {
    const assembly = await assemble(join(import.meta.dirname, functions), directory);
    const cloud = await startCloud({ assembly: assembly.directory, port: 0, dynamodb: "dynalite", onLog });
    const token = await tokenOf(cloud);
    return {
      cloud,
      async call(method, path, body) {
        const response = await fetch(`${cloud.apiEndpoint}/public/v2/executions${path}`, {
          method,
          headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
        return response.json();
      },
      async stop() {
        await cloud.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function tokenOf({ gatewayEndpoint: endpoint, region, operator: credentials, outputs }: Cloud): Promise<string> {
  const secrets = new SecretsManagerClient({ endpoint, region, credentials });
  const { SecretString } = await secrets.send(
    new GetSecretValueCommand({ SecretId: outputs["Epoque-stateless"]?.["TokenSecret"] }),
  );
  return SecretString ?? "";
}
