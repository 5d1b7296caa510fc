import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";

// `npm run console` serves the sources as they are edited, over the API of a running `npm start`.
export default defineConfig({
  base: "/console/",
  plugins: [tailwindcss()],
  build: { target: "es2023", modulePreload: { polyfill: false }, assetsInlineLimit: 0, reportCompressedSize: false },
  server: {
    proxy: Object.fromEntries(
      ["/public", "/console/codes", "/console/session"].map((path) => [
        path,
        {
          target: "http://127.0.0.1:8787",
          // The local cloud serves no pages of other origins.
          configure: (proxy) =>
            proxy.on("proxyReq", (request) => {
              for (const header of ["origin", "referer", "sec-fetch-site"]) request.removeHeader(header);
            }),
        },
      ]),
    ),
  },
});
