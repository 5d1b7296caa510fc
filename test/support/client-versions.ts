/** Every version of `@defer/client` that npm serves, and the name it is installed by here. */
export const clientVersions = {
  "1.1.0": "@defer/client-1.1.0",
  "1.3.0": "@defer/client-1.3.0",
  "1.3.1": "@defer/client-1.3.1",
  "1.9.0": "@defer/client-1.9.0",
  "1.13.0": "@defer/client-1.13.0",
  "1.13.1": "@defer/client-1.13.1",
  "1.14.0": "@defer/client-1.14.0",
  "1.14.1": "@defer/client-1.14.1",
  "1.15.0": "@defer/client-1",
  "2.1.0": "@defer/client-2.1.0",
  "2.3.0": "@defer/client",
} as const;

export type ClientVersion = keyof typeof clientVersions;
