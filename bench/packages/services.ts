import type { PackageCase } from "./catalog.ts";

const ai: PackageCase[] = [
  {
    name: "openai",
    imports: 'import OpenAI from "openai";',
    body: 'return new OpenAI({ apiKey: "x", baseURL: "http://127.0.0.1:9", maxRetries: 0 }).models.list().then(() => "", (error) => error.constructor.name);',
    expected: "APIConnectionError",
  },
  {
    name: "@anthropic-ai/sdk",
    imports: 'import Anthropic from "@anthropic-ai/sdk";',
    body: 'return new Anthropic({ apiKey: "x", baseURL: "http://127.0.0.1:9", maxRetries: 0 }).models.list().then(() => "", (error) => error.constructor.name);',
    expected: "APIConnectionError",
  },
  {
    name: "ai",
    with: ["@ai-sdk/openai", "zod"],
    imports: 'import { generateText } from "ai"; import { createOpenAI } from "@ai-sdk/openai";',
    body: 'return generateText({ model: createOpenAI({ apiKey: "x", baseURL: "http://127.0.0.1:9" })("gpt-4o"), prompt: "x", maxRetries: 0 }).then(() => "", (error) => /connect/i.test(error.message));',
    expected: true,
  },
  {
    name: "@langchain/core",
    imports: 'import { PromptTemplate } from "@langchain/core/prompts";',
    body: 'return PromptTemplate.fromTemplate("Hello {name}").format({ name: "you" });',
    expected: "Hello you",
  },
  {
    name: "tiktoken",
    imports: 'import { get_encoding } from "tiktoken";',
    body: 'return get_encoding("cl100k_base").encode("hello world").length;',
    expected: 2,
  },
  {
    name: "gpt-tokenizer",
    imports: 'import { encode } from "gpt-tokenizer";',
    body: 'return encode("hello world").length;',
    expected: 2,
  },
];

const loggers: PackageCase[] = [
  {
    name: "pino",
    with: ["pino-pretty"],
    imports: 'import pino from "pino";',
    body: 'const log = pino(pino.transport({ target: "pino-pretty", options: { destination: 1 } })); log.info("hello"); await new Promise((done) => log.flush(done)); return log.level;',
    expected: "info",
  },
  {
    name: "winston",
    imports: 'import winston from "winston";',
    body: 'const log = winston.createLogger({ transports: [new winston.transports.Console()] }); log.info("hello"); return log.level;',
    expected: "info",
  },
  {
    name: "bunyan",
    imports: 'import bunyan from "bunyan";',
    body: 'const log = bunyan.createLogger({ name: "x" }); log.info("hello"); return log.level();',
    expected: 30,
  },
  {
    name: "log4js",
    imports: 'import log4js from "log4js";',
    body: 'log4js.configure({ appenders: { out: { type: "stdout" } }, categories: { default: { appenders: ["out"], level: "info" } } }); log4js.getLogger().info("hello"); return log4js.getLogger().isInfoEnabled();',
    expected: true,
  },
];

const auth: PackageCase[] = [
  {
    name: "jsonwebtoken",
    imports: 'import jwt from "jsonwebtoken";',
    body: 'return (jwt.verify(jwt.sign({ a: 1 }, "s"), "s") as any).a;',
    expected: 1,
  },
  {
    name: "jose",
    imports: 'import { SignJWT, jwtVerify } from "jose";',
    body: 'const key = new TextEncoder().encode("s".repeat(32)); return (await jwtVerify(await new SignJWT({ a: 1 }).setProtectedHeader({ alg: "HS256" }).sign(key), key)).payload.a;',
    expected: 1,
  },
  {
    name: "bcrypt",
    imports: 'import { compare, hash } from "bcrypt";',
    body: 'return compare("x", await hash("x", 4));',
    expected: true,
  },
  {
    name: "argon2",
    imports: 'import { hash, verify } from "argon2";',
    body: 'return verify(await hash("x", { timeCost: 2, memoryCost: 1024 }), "x");',
    expected: true,
  },
  {
    name: "google-auth-library",
    imports: 'import { OAuth2Client } from "google-auth-library";',
    body: 'return new OAuth2Client("id", "secret", "http://x").generateAuthUrl({ scope: "a" }).startsWith("https://accounts.google.com");',
    expected: true,
  },
];

const telemetry: PackageCase[] = [
  {
    name: "@opentelemetry/sdk-node",
    imports:
      'import { NodeSDK } from "@opentelemetry/sdk-node"; import { InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base"; import { trace } from "@opentelemetry/api";',
    with: ["@opentelemetry/api", "@opentelemetry/sdk-trace-base"],
    body: 'const spans = new InMemorySpanExporter(); const processor = new SimpleSpanProcessor(spans); const sdk = new NodeSDK({ spanProcessors: [processor] }); sdk.start(); trace.getTracer("x").startSpan("work").end(); await processor.forceFlush(); return spans.getFinishedSpans().map(({ name }) => name);',
    expected: ["work"],
  },
  {
    name: "@sentry/node",
    imports: 'import * as Sentry from "@sentry/node";',
    body: 'const seen: string[] = []; Sentry.init({ dsn: "http://a@127.0.0.1:9/1", beforeSend: (event) => { seen.push(event.exception?.values?.[0]?.value ?? ""); return null; } }); Sentry.captureException(new Error("boom")); await Sentry.flush(2000); return seen;',
    expected: ["boom"],
  },
  {
    name: "posthog-node",
    imports: 'import { PostHog } from "posthog-node";',
    body: 'const client = new PostHog("x", { host: "http://127.0.0.1:9", flushAt: 100 }); client.capture({ distinctId: "a", event: "b" }); return typeof client.shutdown;',
    expected: "function",
  },
  {
    name: "prom-client",
    imports: 'import { Counter, register } from "prom-client";',
    body: 'new Counter({ name: "c", help: "h" }).inc(); return (await register.metrics()).includes("c 1");',
    expected: true,
  },
];

const apis: PackageCase[] = [
  {
    name: "axios",
    imports: 'import axios from "axios";',
    body: 'return axios.get("http://127.0.0.1:9").catch((error) => error.code);',
    expected: "ECONNREFUSED",
  },
  {
    name: "got",
    imports: 'import got from "got";',
    body: 'return got("http://127.0.0.1:9", { retry: { limit: 0 } }).then(() => "", (error) => error.code);',
    expected: "ECONNREFUSED",
  },
  {
    name: "stripe",
    imports: 'import Stripe from "stripe";',
    body: 'return new Stripe("sk_test_x").webhooks.generateTestHeaderString({ payload: "{}", secret: "s" }).startsWith("t=");',
    expected: true,
  },
  {
    name: "twilio",
    imports: 'import twilio from "twilio";',
    body: 'return typeof twilio("ACx", "x").messages.create;',
    expected: "function",
  },
  {
    name: "@slack/web-api",
    imports: 'import { WebClient } from "@slack/web-api";',
    body: 'return new WebClient("x", { slackApiUrl: "http://127.0.0.1:9/", retryConfig: { retries: 0 } }).api.test().then(() => "", (error) => error.code);',
    expected: "slack_webapi_request_error",
  },
  {
    name: "googleapis",
    imports: 'import { google } from "googleapis";',
    body: 'return typeof google.sheets({ version: "v4", auth: "x" }).spreadsheets.get;',
    expected: "function",
  },
  {
    name: "@octokit/rest",
    imports: 'import { Octokit } from "@octokit/rest";',
    body: 'return new Octokit({ baseUrl: "http://127.0.0.1:9" }).rest.users.getByUsername.endpoint({ username: "x" }).url;',
    expected: "http://127.0.0.1:9/users/x",
  },
  {
    name: "@nestjs/core",
    with: ["@nestjs/common", "reflect-metadata", "rxjs"],
    imports:
      'import "reflect-metadata"; import { Injectable, Module } from "@nestjs/common"; import { NestFactory } from "@nestjs/core"; @Injectable() class Clock { now() { return 1; } } @Injectable() class Service { constructor(readonly clock: Clock) {} } @Module({ providers: [Clock, Service] }) class App {}',
    body: "return (await NestFactory.createApplicationContext(App, { logger: false })).get(Service).clock.now();",
    expected: 1,
  },
];

export const services = {
  AI: ai,
  Loggers: loggers,
  "Sign-in": auth,
  Telemetry: telemetry,
  "APIs and frameworks": apis,
};
