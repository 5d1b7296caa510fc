import type { PackageCase } from "./catalog.ts";

/** Nothing listens on port 9, so a client that connects is refused. */
const refused = (call: string) =>
  `try { await ${call}; } catch (error: any) { return /ECONNREFUSED/.test(String(error.code) + error + JSON.stringify(error, Object.getOwnPropertyNames(error)) + error.cause + (error.errors ?? [])); }`;

const databases: PackageCase[] = [
  {
    name: "pg",
    imports: 'import pg from "pg";',
    body: refused('new pg.Client("postgres://a:b@127.0.0.1:9/c").connect()'),
    expected: true,
  },
  {
    name: "postgres",
    imports: 'import postgres from "postgres";',
    body: refused('postgres("postgres://a:b@127.0.0.1:9/c")`select 1`'),
    expected: true,
  },
  {
    name: "mysql2",
    imports: 'import mysql from "mysql2/promise";',
    body: refused('mysql.createConnection("mysql://a:b@127.0.0.1:9/c")'),
    expected: true,
  },
  {
    name: "mariadb",
    imports: 'import mariadb from "mariadb";',
    body: refused(
      'mariadb.createConnection({ host: "127.0.0.1", port: 9, user: "a", password: "b", connectTimeout: 500 })',
    ),
    expected: true,
  },
  {
    name: "mongodb",
    imports: 'import { MongoClient, ObjectId } from "mongodb";',
    body: `if (!ObjectId.isValid(new ObjectId())) return false; ${refused('new MongoClient("mongodb://127.0.0.1:9", { serverSelectionTimeoutMS: 500 }).connect()')}`,
    expected: true,
  },
  {
    name: "ioredis",
    imports: 'import Redis from "ioredis";',
    body: 'const redis = new Redis(9, "127.0.0.1", { lazyConnect: true, retryStrategy: () => null }); redis.on("error", () => {}); return redis.ping().catch((error) => error.message);',
    expected: "Connection is closed.",
  },
  {
    name: "redis",
    imports: 'import { createClient } from "redis";',
    body: `const client = createClient({ url: "redis://127.0.0.1:9", socket: { reconnectStrategy: false } }); client.on("error", () => {}); ${refused("client.connect()")}`,
    expected: true,
  },
  {
    name: "@libsql/client",
    imports: 'import { createClient } from "@libsql/client";',
    body: 'return (await createClient({ url: ":memory:" }).execute("select 1 + 1 as two")).rows[0]?.two;',
    expected: 2,
  },
  {
    name: "tedious",
    imports: 'import { Connection, TYPES } from "tedious";',
    body: "return [typeof Connection, TYPES.Int.name];",
    expected: ["function", "Int"],
  },
  {
    name: "cassandra-driver",
    imports: 'import cassandra from "cassandra-driver";',
    body: "return cassandra.types.Uuid.random().toString().length;",
    expected: 36,
  },
  {
    name: "neo4j-driver",
    imports: 'import neo4j from "neo4j-driver";',
    body: 'return neo4j.int("9007199254740993").toString() + typeof neo4j.driver("bolt://127.0.0.1:9").session;',
    expected: "9007199254740993function",
  },
  {
    name: "@elastic/elasticsearch",
    imports: 'import { Client } from "@elastic/elasticsearch";',
    body: refused('new Client({ node: "http://127.0.0.1:9", maxRetries: 0 }).ping()'),
    expected: true,
  },
  {
    name: "@supabase/supabase-js",
    imports: 'import { createClient } from "@supabase/supabase-js";',
    body: 'const { error } = await createClient("http://127.0.0.1:9", "key").from("a").select(); return error !== null;',
    expected: true,
  },
  {
    name: "@aws-sdk/client-dynamodb",
    imports: 'import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";',
    body: refused(
      'new DynamoDBClient({ endpoint: "http://127.0.0.1:9", region: "x", maxAttempts: 1, credentials: { accessKeyId: "a", secretAccessKey: "b" } }).send(new ListTablesCommand({}))',
    ),
    expected: true,
  },
  {
    name: "firebase-admin",
    imports:
      'import { initializeApp } from "firebase-admin/app"; import { getFirestore } from "firebase-admin/firestore";',
    body: 'return getFirestore(initializeApp({ projectId: "p" })).collection("c").doc("d").path;',
    expected: "c/d",
  },
];

const orms: PackageCase[] = [
  {
    name: "knex",
    with: ["pg"],
    imports: 'import knex from "knex";',
    body: 'return knex({ client: "pg" })("users").where({ id: 1 }).toQuery();',
    expected: 'select * from "users" where "id" = 1',
  },
  {
    name: "sequelize",
    with: ["pg", "pg-hstore"],
    imports: 'import { DataTypes, Sequelize } from "sequelize";',
    body: `const db = new Sequelize("postgres://a:b@127.0.0.1:9/c", { dialect: "postgres", logging: false }); db.define("user", { name: DataTypes.STRING }); try { await db.authenticate(); } catch (error: any) { return error.name; }`,
    expected: "SequelizeConnectionRefusedError",
  },
  {
    name: "typeorm",
    with: ["pg", "reflect-metadata"],
    imports:
      'import "reflect-metadata"; import { Column, DataSource, Entity, PrimaryGeneratedColumn } from "typeorm"; @Entity() class Person { @PrimaryGeneratedColumn() id!: number; @Column() name!: string; }',
    body: refused('new DataSource({ type: "postgres", host: "127.0.0.1", port: 9, entities: [Person] }).initialize()'),
    expected: true,
  },
  {
    name: "drizzle-orm",
    with: ["postgres"],
    imports:
      'import { drizzle } from "drizzle-orm/postgres-js"; import { integer, pgTable } from "drizzle-orm/pg-core"; import { eq } from "drizzle-orm"; import postgres from "postgres"; const users = pgTable("users", { id: integer("id") });',
    body: 'return drizzle(postgres("postgres://127.0.0.1:9")).select().from(users).where(eq(users.id, 1)).toSQL().sql;',
    expected: 'select "id" from "users" where "users"."id" = $1',
  },
  {
    name: "mongoose",
    imports:
      'import mongoose from "mongoose"; const User = mongoose.model("User", new mongoose.Schema({ name: { type: String, required: true } }));',
    body: "return new User({}).validateSync()?.errors.name?.kind;",
    expected: "required",
  },
  {
    name: "kysely",
    imports:
      'import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";',
    body: 'const db = new Kysely<any>({ dialect: { createAdapter: () => new PostgresAdapter(), createDriver: () => new DummyDriver(), createIntrospector: (db) => new PostgresIntrospector(db), createQueryCompiler: () => new PostgresQueryCompiler() } }); return db.selectFrom("a").selectAll().compile().sql;',
    expected: 'select * from "a"',
  },
  {
    name: "objection",
    with: ["knex", "pg"],
    imports:
      'import knex from "knex"; import { Model } from "objection"; class Person extends Model { static override tableName = "people"; }',
    body: 'return Person.query(knex({ client: "pg" })).findById(1).toKnexQuery().toQuery();',
    expected: 'select "people".* from "people" where "people"."id" = 1',
  },
];

const queues: PackageCase[] = [
  {
    name: "bullmq",
    imports: 'import { Queue } from "bullmq";',
    body: 'const queue = new Queue("q", { connection: { host: "127.0.0.1", port: 9, lazyConnect: true, retryStrategy: () => null } }); queue.on("error", () => {}); return queue.name;',
    expected: "q",
  },
  {
    name: "kafkajs",
    imports: 'import { Kafka, logLevel } from "kafkajs";',
    body: 'try { await new Kafka({ brokers: ["127.0.0.1:9"], logLevel: logLevel.NOTHING, retry: { retries: 0 } }).admin().connect(); } catch (error: any) { return error.name; }',
    expected: "KafkaJSNumberOfRetriesExceeded",
  },
  {
    name: "amqplib",
    imports: 'import amqp from "amqplib";',
    body: refused('amqp.connect("amqp://127.0.0.1:9")'),
    expected: true,
  },
  {
    name: "@aws-sdk/client-sqs",
    imports: 'import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";',
    body: refused(
      'new SQSClient({ endpoint: "http://127.0.0.1:9", region: "x", maxAttempts: 1, credentials: { accessKeyId: "a", secretAccessKey: "b" } }).send(new ListQueuesCommand({}))',
    ),
    expected: true,
  },
];

export const data = { Databases: databases, ORMs: orms, Queues: queues };
