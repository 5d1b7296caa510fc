/** Replaces the SDK's `@aws-sdk/credential-provider-node` in tasks, as `env.ts` does in Lambdas. */
type Provider = () => Promise<Credentials>;

interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}

/** Address of the credentials endpoint within a task. Source: "Amazon ECS task IAM role". */
const HOST = "http://169.254.170.2";

/** Credentials are renewed this long before they end, as the SDK's own providers do. */
const RENEWED_BEFORE_MS = 300_000;

/**
 * The credentials of the task's role. They end after some hours. The SDK asks a default provider before each request,
 * so it has to remember them: ECS limits how often a task may ask.
 */
export function defaultProvider(): Provider {
  let known: Credentials | undefined;
  let reading: Promise<Credentials> | undefined;
  const readAgain = async () => {
    try {
      known = await read();
    } catch (error) {
      if (known === undefined || Date.now() >= known.expiration.getTime()) throw error;
    } finally {
      reading = undefined;
    }
    return known;
  };
  return async () => {
    if (known !== undefined && Date.now() < known.expiration.getTime() - RENEWED_BEFORE_MS) return known;
    reading ??= readAgain();
    return reading;
  };
}

async function read(): Promise<Credentials> {
  const { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: path, AWS_CONTAINER_CREDENTIALS_FULL_URI: url } = process.env;
  if (path === undefined && url === undefined) throw new Error("there are no AWS credentials in this container");
  const response = await fetch(path === undefined ? String(url) : `${HOST}${path}`, {
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) throw new Error(`the container's credentials cannot be read (${response.status})`);
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = (await response.json()) as Record<string, string>;
  return {
    accessKeyId: String(AccessKeyId),
    secretAccessKey: String(SecretAccessKey),
    sessionToken: String(Token),
    expiration: new Date(String(Expiration)),
  };
}
