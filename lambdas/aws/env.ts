/** Replaces the SDK's `@aws-sdk/credential-provider-node`: `builder/bundle-handlers.ts` gives it this instead. */
type Provider = () => Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken?: string }>;

/**
 * The credentials that Lambda lays into every function's environment. The SDK's own way looks into files, other
 * services and a browser's login as well, which is 110 KB of code and a fifth of a cold start for what is never there.
 */
export function defaultProvider(): Provider {
  return async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
    if (AWS_ACCESS_KEY_ID === undefined || AWS_SECRET_ACCESS_KEY === undefined) {
      throw new Error("there are no AWS credentials in the environment");
    }
    return {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN !== undefined && { sessionToken: AWS_SESSION_TOKEN }),
    };
  };
}
