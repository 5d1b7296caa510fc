import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { placeholderFor } from "../../builder/load-environment.ts";
import { aFunctionProject, aPackage } from "../support/function-project.ts";

// Folders of functions as projects of frameworks have them. Of each framework there is what functions touch.

/** A package that is written in CommonJS and ES modules both, as most are. */
const superjson = aPackage(
  "superjson",
  {
    type: "module",
    exports: { ".": { import: "./dist/index.js", require: "./dist/index.cjs", types: "./dist/index.d.ts" } },
  },
  { "dist/index.js": "export default { stringify: JSON.stringify };", "dist/index.cjs": "throw new Error();" },
);

/** The Prisma client, as `prisma generate` leaves it: it finds engine and schema by the place it lies in. */
const prisma = {
  ...aPackage(
    "@prisma/client",
    {
      main: "default.js",
      types: "default.d.ts",
      peerDependencies: { prisma: "*" },
      peerDependenciesMeta: { prisma: { optional: true } },
    },
    { "default.js": "module.exports = { ...require('.prisma/client/default') };" },
  ),
  ...aPackage(
    ".prisma/client",
    { main: "index.js" },
    {
      "default.js": "module.exports = { ...require('./index') };",
      "index.js": `const { readFileSync } = require("fs"), path = require("path");
        class PrismaClient {
          constructor(options) { if (!process.env.DATABASE_URL) throw new Error("Environment variable not found: DATABASE_URL"); }
          user = { findMany: async () => [readFileSync(path.join(__dirname, "schema.prisma"), "utf-8"), require("./libquery_engine.so.js")] };
          $on() {} $disconnect() {}
        }
        Object.assign(exports, { PrismaClient, Role: { ADMIN: "ADMIN" } });`,
      "libquery_engine.so.js": "module.exports = 'engine';",
      "schema.prisma": "model User",
    },
  ),
};

describe("a folder of functions", () => {
  it("of a T3 app: variables that zod checks, a client in a global, an alias", async () => {
    const t3Env = `import { z } from "zod";
      export function createEnv({ server, client = {}, runtimeEnv, skipValidation }) {
        if (skipValidation) return runtimeEnv;
        const parsed = z.object({ ...server, ...client }).safeParse(runtimeEnv);
        if (!parsed.success) { console.error("Invalid environment variables:", z.flattenError(parsed.error).fieldErrors); throw new Error("Invalid environment variables"); }
        return new Proxy(parsed.data, { get: (target, name) => target[name] });
      }`;
    const files = {
      ...superjson,
      ...prisma,
      ...aPackage(
        "@t3-oss/env-nextjs",
        { type: "module", exports: { ".": "./dist/index.js" }, peerDependencies: { zod: "*" } },
        { "dist/index.js": t3Env },
      ),
      "package.json": '{ "name": "t3", "type": "module", "dependencies": { "zod": "4", "@prisma/client": "5" } }',
      "tsconfig.json": `{
        "compilerOptions": { "target": "es2022", "jsx": "preserve", "module": "ESNext", "moduleResolution": "Bundler",
          "isolatedModules": true, "plugins": [{ "name": "next" }], "baseUrl": ".", "paths": { "~/*": ["./src/*"] }, },
        "include": [".eslintrc.cjs", "next-env.d.ts", "**/*.ts", "**/*.tsx"], // as create-t3-app writes it
      }`,
      "src/env.js": `import { createEnv } from "@t3-oss/env-nextjs";\nimport { z } from "zod";
        export const env = createEnv({
          server: {
            DATABASE_URL: z.string().url().refine((text) => !text.includes("YOUR_MYSQL_URL_HERE"), "You forgot to change the default URL"),
            NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
            NEXTAUTH_SECRET: process.env.NODE_ENV === "production" ? z.string().min(32) : z.string().optional(),
            NEXTAUTH_URL: z.preprocess((text) => process.env.VERCEL_URL ?? text, process.env.VERCEL ? z.string() : z.string().url()),
          },
          client: { NEXT_PUBLIC_APP: z.string().min(1) },
          runtimeEnv: { DATABASE_URL: process.env.DATABASE_URL, NODE_ENV: process.env.NODE_ENV, NEXTAUTH_SECRET: process.env.NEXTAUTH_SECRET, NEXTAUTH_URL: process.env.NEXTAUTH_URL, NEXT_PUBLIC_APP: process.env.NEXT_PUBLIC_APP },
          skipValidation: !!process.env.SKIP_ENV_VALIDATION,
        });`,
      "src/server/db.ts": `import { PrismaClient } from "@prisma/client";\nimport { env } from "~/env";
        const globalForPrisma = globalThis as unknown as { prisma: PrismaClient | undefined };
        export const db = globalForPrisma.prisma ?? new PrismaClient({ log: env.NODE_ENV === "development" ? ["query"] : ["error"] });
        if (env.NODE_ENV !== "production") globalForPrisma.prisma = db;`,
      "src/defer/sendWelcome.ts": `import { defer } from "@defer/client";\nimport superjson from "superjson";\nimport { type User } from "@prisma/client";
        import { db } from "~/server/db";\nimport { env } from "~/env.js";
        async function sendWelcome(_user: Pick<User, "id">) { return [superjson.stringify(await db.user.findMany()), env.NEXT_PUBLIC_APP, env.NODE_ENV, env.DATABASE_URL]; }
        export default defer(sendWelcome, { retry: 5 });`,
    };
    const known = { NEXTAUTH_URL: "https://app.test", NEXT_PUBLIC_APP: "app" };
    const secret = (name: string) => ({ [name]: placeholderFor(name) });
    await using project = await aFunctionProject(files, {
      folder: "src/defer",
      links: { "node_modules/zod": resolve("node_modules/zod") },
      variables: { ...known, ...secret("DATABASE_URL"), ...secret("NEXTAUTH_SECRET") },
    });
    expect(project.warnings).toEqual([]);
    const atRun = { ...known, DATABASE_URL: "mysql://db", NEXTAUTH_SECRET: "s".repeat(32), NODE_ENV: "production" };
    expect(await project.call("sendWelcome", atRun)).toEqual([
      '["model User","engine"]',
      "app",
      "production",
      "mysql://db",
    ]);
  });

  it("of a Next.js app with Prisma: types imported as values, modules found from baseUrl", async () => {
    await using project = await aFunctionProject(
      {
        ...prisma,
        "tsconfig.json":
          '{ "extends": "@tsconfig/next/tsconfig.json", "compilerOptions": { "baseUrl": "./", "incremental": true } }',
        ...aPackage(
          "@tsconfig/next",
          {},
          { "tsconfig.json": '{ "compilerOptions": { "jsx": "preserve", "strict": true } }' },
        ),
        "lib/prisma.ts": `import { PrismaClient } from "@prisma/client";
          declare global { var prisma: PrismaClient; }
          let prisma: PrismaClient;
          if (process.env.NODE_ENV === "production") prisma = new PrismaClient();
          else { if (!global.prisma) global.prisma = new PrismaClient(); prisma = global.prisma; }
          export default prisma;`,
        "defer/scoreCampaign.ts": `import { defer, awaitResult } from "@defer/client";\nimport prisma from "lib/prisma";\nimport { Campaign, Role } from ".prisma/client";
          import createContent from "./createContent";
          const scoreCampaign = async (campaign: Campaign) => { console.log("started", campaign); return [Role.ADMIN, ...(await prisma.user.findMany()), typeof awaitResult(createContent)]; };
          export default defer(scoreCampaign, { retry: 1, concurrency: 20 });`,
        "defer/createContent.ts": `import { defer } from "@defer/client";\nimport { PrismaClient } from "@prisma/client";
          const createContent = async () => { const prisma = new PrismaClient(); return prisma.user.findMany(); };
          export default defer(createContent);`,
      },
      { variables: { DATABASE_URL: "postgres://db" } },
    );
    expect(project.warnings).toEqual([]);
    expect(await project.call("scoreCampaign", { DATABASE_URL: "x" })).toEqual([
      "ADMIN",
      "model User",
      "engine",
      "function",
    ]);
    expect(await project.call("createContent", { DATABASE_URL: "x" })).toEqual(["model User", "engine"]);
  });

  it("of Redwood's api side: src/ paths, packages with folders as their parts", async () => {
    await using project = await aFunctionProject(
      {
        ...prisma,
        ...aPackage(
          "@redwoodjs/api",
          { main: "./dist/index.js" },
          {
            "logger/index.js": "module.exports = require('../dist/logger');",
            "logger/package.json": '{ "main": "./index.js", "types": "../dist/logger/index.d.ts" }',
            "dist/logger/index.js": `"use strict"; Object.defineProperty(exports, "__esModule", { value: true });
              exports.createLogger = () => ({ info: () => {} }); exports.emitLogLevels = (levels) => levels;`,
          },
        ),
        "package.json": '{ "private": true, "workspaces": { "packages": ["api", "web"] } }',
        "redwood.toml": "[api]\n  port = 8911",
        "api/package.json": '{ "name": "api", "dependencies": { "@redwoodjs/api": "6.0.0" } }',
        "api/tsconfig.json": `{ "compilerOptions": { "noEmit": true, "module": "esnext", "baseUrl": "./", "rootDirs": ["./src", "../.redwood/types/mirror/api/src"],
          "paths": { "src/*": ["./src/*", "../.redwood/types/mirror/api/src/*"], "types/*": ["./types/*", "../types/*"] }, "jsx": "react-jsx" } }`,
        "api/src/lib/logger.ts":
          'import { createLogger } from "@redwoodjs/api/logger";\nexport const logger = createLogger({});',
        "api/src/lib/db.ts": `import { PrismaClient } from "@prisma/client";\nimport { emitLogLevels } from "@redwoodjs/api/logger";\nimport { logger } from "./logger";
          export const db = new PrismaClient({ log: emitLogLevels(["info", "warn"]) });\nlogger.info("connected");`,
        "api/src/services/users/users.ts":
          'import { db } from "src/lib/db";\nexport const users = () => db.user.findMany();',
        "api/src/services/users/users.test.ts": "throw new Error();",
        "api/src/defer/sendMondayNewsletter.ts": `import { defer } from "@defer/client";\nimport type { User } from "types/graphql";\nimport { users } from "src/services/users/users";\nimport { logger } from "src/lib/logger.js";
          async function sendMondayNewsletter(): Promise<User[]> { logger.info("hi"); return users(); }
          export default defer.cron(sendMondayNewsletter, "0 9 * * 1");`,
        "api/src/defer/plain.js": `import { defer } from "@defer/client";\nimport { users } from "src/services/users/users";\nexport default defer(async function plain() { return (await users()).length; });`,
      },
      { folder: "api/src/defer", variables: { DATABASE_URL: "file:./dev.db" } },
    );
    expect(project.warnings).toEqual([]);
    expect(await project.call("sendMondayNewsletter", { DATABASE_URL: "x" })).toEqual(["model User", "engine"]);
    expect(await project.call("plain", { DATABASE_URL: "x" })).toBe(2);
  });

  it("of Remix: an alias of app/, server files, UMD packages, singletons, styles", async () => {
    await using project = await aFunctionProject(
      {
        ...aPackage(
          "bcryptjs",
          { main: "index.js", browser: "dist/bcrypt.js" },
          {
            "index.js": 'module.exports = require("./dist/bcrypt.js");',
            "dist/bcrypt.js": `(function(global, factory) {
              if (typeof define === "function" && define["amd"]) define([], factory);
              else if (typeof require === "function" && typeof module === "object" && module && module["exports"]) module["exports"] = factory();
              else (global["dcodeIO"] = global["dcodeIO"] || {})["bcrypt"] = factory();
            }(this, function() { "use strict"; var random = null; try { random = require("crypto")["randomBytes"]; } catch (e) {} return { hash: function(text) { return [text, typeof random]; } }; }));`,
          },
        ),
        ...aPackage(
          "tiny-invariant",
          {
            type: "module",
            sideEffects: false,
            exports: { ".": { import: { types: "./dist/a.d.ts", default: "./dist/a.js" }, default: "./dist/a.cjs" } },
          },
          { "dist/a.js": "export default (condition) => { if (!condition) throw new Error('Invariant failed'); };" },
        ),
        "package.json": '{ "sideEffects": false, "private": true }',
        "remix.config.js": 'module.exports = { serverModuleFormat: "cjs" };',
        "tsconfig.json": `{ "include": ["remix.env.d.ts", "**/*.ts"], "compilerOptions": { "isolatedModules": true, "esModuleInterop": true, "jsx": "react-jsx", "moduleResolution": "Bundler", "baseUrl": ".", "paths": { "~/*": ["./app/*"] } } }`,
        "app/styles/mail.css": "p { color: red }",
        "app/singleton.server.ts": `export const singleton = <Value>(name: string, make: () => Value): Value => {
            const all = (global as any).__singletons ?? ((global as any).__singletons = {});
            return (all[name] ??= make());
          };`,
        "app/db.server.ts": `import invariant from "tiny-invariant";\nimport { singleton } from "./singleton.server";
          export const db = singleton("db", () => { const { DATABASE_URL } = process.env; invariant(typeof DATABASE_URL === "string"); return { url: new URL(DATABASE_URL).protocol }; });`,
        "app/models/user.server.ts": `import bcrypt from "bcryptjs";\nimport { db } from "~/db.server";\nexport const hashed = (text: string) => bcrypt.hash(text).concat(db.url);`,
        "app/defer/hashPasswords.server.ts": `import "~/styles/mail.css";\nimport { defer } from "@defer/client";\nimport { hashed } from "~/models/user.server";
          const hashPasswords = async () => hashed("secret");\nexport default defer(hashPasswords);`,
      },
      { folder: "app/defer", variables: { DATABASE_URL: placeholderFor("DATABASE_URL") } },
    );
    expect(project.warnings).toEqual([]);
    expect(await project.call("hashPasswords", { DATABASE_URL: "mysql://x" })).toEqual([
      "secret",
      "function",
      "mysql:",
    ]);
  });

  it("of SvelteKit: $lib, $env, variables of Vite, text as ?raw, a tsconfig that is not generated yet", async () => {
    await using project = await aFunctionProject(
      {
        "package.json": '{ "type": "module", "private": true }',
        "svelte.config.js": "export default { kit: {} };",
        "tsconfig.json": '{ "extends": "./.svelte-kit/tsconfig.json", "compilerOptions": { "strict": true } }',
        "src/app.d.ts": "declare global { namespace App {} }\nexport {};",
        "src/lib/index.ts": "// place files you want to import through the `$lib` alias in this folder.",
        "src/lib/mails/hello.txt": "Hello",
        "src/lib/server/mail.ts": `import { MAIL_KEY } from "$env/static/private";\nimport { env } from "$env/dynamic/private";\nimport { PUBLIC_NAME } from "$env/static/public";\nimport { building, dev } from "$app/environment";\nimport hello from "$lib/mails/hello.txt?raw";
          if (!MAIL_KEY && !building) throw new Error("MAIL_KEY is missing");
          export const mail = () => [hello, MAIL_KEY, env.MAIL_KEY, PUBLIC_NAME, dev];`,
        "src/defer/sendMail.ts": `import { defer } from "@defer/client";\nimport * as all from "$lib";\nimport { mail } from "$lib/server/mail";
          const { VITE_APP } = import.meta.env;
          async function sendMail() { return [...mail(), typeof all, VITE_APP, import.meta.env.VITE_APP, import.meta.env.PROD ? "live" : "test", import.meta.env.DEV, import.meta.env.MODE]; }
          export default defer(sendMail);`,
      },
      { folder: "src/defer", variables: { MAIL_KEY: "key" } },
    );
    expect(project.warnings).toEqual([
      expect.stringMatching(
        /^tsconfig\.json: warning: Cannot find base config file ".\/.svelte-kit\/tsconfig.json" .*run what generates it/,
      ),
    ]);
    const result = await project.call("sendMail", { MAIL_KEY: "key", VITE_APP: "app", NODE_ENV: "production" });
    const ofVite = ["app", "app", "live", false, "production"];
    expect(result).toEqual(["Hello", "key", "key", "of the process", false, "object", ...ofVite]);
  });

  it("of NestJS: an application context, injected by the metadata of decorators, with optional packages", async () => {
    const reflect = `const all = new WeakMap();
      Reflect.defineMetadata ??= (key, value, target) => { all.set(target, { ...all.get(target), [key]: value }); };
      Reflect.getMetadata ??= (key, target) => all.get(target)?.[key];
      Reflect.metadata ??= (key, value) => (target) => Reflect.defineMetadata(key, value, target);`;
    const core = `"use strict"; Object.defineProperty(exports, "__esModule", { value: true }); require("reflect-metadata");
      const optional = (name, load) => { try { return load(); } catch (error) { if (error.code !== "MODULE_NOT_FOUND") throw error; return undefined; } };
      const sockets = optional("@nestjs/websockets", () => require("@nestjs/websockets/socket-module"));
      const instance = (type) => new type(...(Reflect.getMetadata("design:paramtypes", type) ?? []).map(instance));
      exports.NestFactory = { async createApplicationContext(module) { const { providers } = Reflect.getMetadata("module", module);
        return { get: (type) => { if (!providers.includes(type)) throw new Error("Nest could not find " + type.name); return instance(type); }, close: async () => {}, sockets }; } };`;
    await using project = await aFunctionProject(
      {
        ...aPackage("reflect-metadata", { main: "Reflect.js" }, { "Reflect.js": reflect }),
        ...aPackage(
          "@nestjs/common",
          { peerDependencies: { "reflect-metadata": "*" } },
          {
            "index.js": `"use strict"; Object.defineProperty(exports, "__esModule", { value: true }); require("reflect-metadata");
              exports.Injectable = () => () => {}; exports.Controller = () => () => {}; exports.Get = () => () => {};
              exports.Module = (metadata) => (target) => Reflect.defineMetadata("module", metadata, target);`,
          },
        ),
        ...aPackage("@nestjs/core", { dependencies: { "@nestjs/common": "*" } }, { "index.js": core }),
        "nest-cli.json": '{ "collection": "@nestjs/schematics", "sourceRoot": "src" }',
        "tsconfig.json": `{ "compilerOptions": { "module": "commonjs", "declaration": true, "removeComments": true, "emitDecoratorMetadata": true, "experimentalDecorators": true,
          "allowSyntheticDefaultImports": true, "target": "es2017", "sourceMap": true, "outDir": "./dist", "baseUrl": "./", "incremental": true, "skipLibCheck": true } }`,
        "dist/defer/helloWorld.js": "throw new Error('built before');",
        "src/main.ts": "throw new Error('it must not start');",
        "src/clock.service.ts": `import { Injectable } from "@nestjs/common";\n@Injectable()\nexport class ClockService { zone(): string { return process.env.TZ_NAME ?? "UTC"; } }`,
        "src/app.service.ts": `import { Injectable } from "@nestjs/common";\nimport { ClockService } from "./clock.service";\nimport type { Logger } from "./logger";
          @Injectable()\nexport class AppService { private readonly greeting = "Hello";\n constructor(private readonly clock: ClockService) {}\n hello(_?: Logger) { return [this.greeting, this.clock.zone()]; } }`,
        "src/logger.ts": "export interface Logger { log(line: string): void }",
        "src/app.controller.ts": `import { Controller, Get } from "@nestjs/common";\nimport { AppService } from "src/app.service";\nimport helloWorld from "./defer/helloWorld";
          @Controller()\nexport class AppController { constructor(private readonly app: AppService) {}\n @Get() async hello(): Promise<string> { await helloWorld(); return this.app.hello().join(); } }`,
        "src/app.module.ts": `import { Module } from "@nestjs/common";\nimport { AppController } from "./app.controller";\nimport { AppService } from "./app.service";
          @Module({ imports: [], controllers: [AppController], providers: [AppService] })\nexport class AppModule {}`,
        "src/defer/helloWorld.ts": `import { defer } from "@defer/client";\nimport { NestFactory } from "@nestjs/core";\nimport { AppModule } from "../app.module";\nimport { AppService } from "../app.service";
          async function helloWorld() { const app = await NestFactory.createApplicationContext(AppModule); try { return app.get(AppService).hello(); } finally { await app.close(); } }
          export default defer(helloWorld);`,
      },
      { folder: "src/defer" },
    );
    expect(project.warnings).toEqual([]);
    expect(await project.call("helloWorld")).toEqual(["Hello", "UTC"]);
  });
});
