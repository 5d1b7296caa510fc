import type { NextConfig } from "next";

const config: NextConfig = {
  experimental: {
    // A function is enqueued by its name (`fn.name`), which minification would shorten to one letter.
    serverMinification: false,
  },
};

export default config;
