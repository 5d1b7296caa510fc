import type { PackageCase } from "./catalog.ts";

const pixel = '"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="';

const mail: PackageCase[] = [
  {
    name: "nodemailer",
    imports: 'import nodemailer from "nodemailer";',
    body: 'return (await nodemailer.createTransport({ jsonTransport: true }).sendMail({ from: "a@b.c", to: "d@e.f", text: "x" })).envelope;',
    expected: { from: "a@b.c", to: ["d@e.f"] },
  },
  {
    name: "resend",
    imports: 'import { Resend } from "resend";',
    body: 'return typeof new Resend("re_x").emails.send;',
    expected: "function",
  },
  {
    name: "@sendgrid/mail",
    imports: 'import sendgrid from "@sendgrid/mail";',
    body: 'sendgrid.setApiKey("SG.x"); return typeof sendgrid.send;',
    expected: "function",
  },
  {
    name: "postmark",
    imports: 'import { ServerClient } from "postmark";',
    body: 'return typeof new ServerClient("x").sendEmail;',
    expected: "function",
  },
  {
    name: "mjml",
    imports: 'import mjml from "mjml";',
    body: 'return (await mjml("<mjml><mj-body><mj-text>hello</mj-text></mj-body></mjml>")).html.includes("hello");',
    expected: true,
  },
  {
    name: "handlebars",
    imports: 'import Handlebars from "handlebars";',
    body: 'return Handlebars.compile("Hello {{name}}")({ name: "you" });',
    expected: "Hello you",
  },
  {
    name: "pug",
    imports: 'import pug from "pug";',
    body: 'return pug.render("p= name", { name: "you" });',
    expected: "<p>you</p>",
  },
];

const pdf: PackageCase[] = [
  {
    name: "pdfkit",
    imports: 'import PDFDocument from "pdfkit";',
    body: 'const document = new PDFDocument(); document.font("Times-Roman").text("hello"); document.end(); let size = 0; for await (const chunk of document) size += chunk.length; return size > 500;',
    expected: true,
  },
  {
    name: "pdf-lib",
    imports: 'import { PDFDocument, StandardFonts } from "pdf-lib";',
    body: 'const document = await PDFDocument.create(); document.addPage().drawText("x", { font: await document.embedFont(StandardFonts.Helvetica) }); return (await document.save()).length > 500;',
    expected: true,
  },
  {
    name: "jspdf",
    imports: 'import { jsPDF } from "jspdf";',
    body: 'const document = new jsPDF(); document.text("x", 1, 1); return document.output().startsWith("%PDF");',
    expected: true,
  },
  {
    name: "pdf-parse",
    with: ["pdf-lib"],
    imports: 'import { PDFParse } from "pdf-parse"; import { PDFDocument } from "pdf-lib";',
    body: 'const document = await PDFDocument.create(); document.addPage().drawText("found it"); const parser = new PDFParse({ data: await document.save() }); return (await parser.getText()).text.includes("found it");',
    expected: true,
  },
  {
    name: "exceljs",
    imports: 'import ExcelJS from "exceljs";',
    body: 'const book = new ExcelJS.Workbook(); book.addWorksheet("a").addRow([1]); return (await book.xlsx.writeBuffer()).byteLength > 1000;',
    expected: true,
  },
  {
    name: "puppeteer-core",
    imports: 'import puppeteer from "puppeteer-core";',
    body: 'return puppeteer.launch({ executablePath: "/none" }).then(() => "", (error) => /none/.test(error.message));',
    expected: true,
  },
  {
    name: "playwright-core",
    imports: 'import { chromium } from "playwright-core";',
    body: 'return chromium.launch({ executablePath: "/none" }).then(() => "", (error) => /none/.test(error.message));',
    expected: true,
  },
];

const images: PackageCase[] = [
  {
    name: "sharp",
    imports: 'import sharp from "sharp";',
    body: `return (await sharp(Buffer.from(${pixel}, "base64")).resize(2, 2).png().toBuffer({ resolveWithObject: true })).info.width;`,
    expected: 2,
  },
  {
    name: "jimp",
    imports: 'import { Jimp } from "jimp";',
    body: `return (await Jimp.read(Buffer.from(${pixel}, "base64"))).resize({ w: 2, h: 2 }).bitmap.width;`,
    expected: 2,
  },
  {
    name: "@napi-rs/canvas",
    imports: 'import { createCanvas } from "@napi-rs/canvas";',
    body: 'return createCanvas(2, 2).toBuffer("image/png").length > 10;',
    expected: true,
  },
  {
    name: "qrcode",
    imports: 'import QRCode from "qrcode";',
    body: 'return (await QRCode.toDataURL("x")).startsWith("data:image/png");',
    expected: true,
  },
];

const parsers: PackageCase[] = [
  {
    name: "cheerio",
    imports: 'import * as cheerio from "cheerio";',
    body: 'return cheerio.load("<p>x</p>")("p").text();',
    expected: "x",
  },
  {
    name: "jsdom",
    imports: 'import { JSDOM } from "jsdom";',
    body: 'return new JSDOM("<p>x</p>").window.document.querySelector("p")?.textContent;',
    expected: "x",
  },
  {
    name: "csv-parse",
    imports: 'import { parse } from "csv-parse/sync";',
    body: 'return parse("a,b", {});',
    expected: [["a", "b"]],
  },
  {
    name: "fast-xml-parser",
    imports: 'import { XMLParser } from "fast-xml-parser";',
    body: 'return new XMLParser().parse("<a>1</a>");',
    expected: { a: 1 },
  },
  {
    name: "marked",
    imports: 'import { marked } from "marked";',
    body: 'return marked("# x");',
    expected: "<h1>x</h1>\n",
  },
  {
    name: "ajv",
    imports: 'import { Ajv } from "ajv";',
    body: 'return new Ajv().compile({ type: "number" })(1);',
    expected: true,
  },
  {
    name: "@mozilla/readability",
    with: ["jsdom"],
    imports: 'import { Readability } from "@mozilla/readability"; import { JSDOM } from "jsdom";',
    body: 'return new Readability(new JSDOM("<title>t</title><article><p>some text that is long enough</p></article>").window.document).parse()?.title;',
    expected: "t",
  },
  {
    name: "geoip-lite",
    imports: 'import geoip from "geoip-lite";',
    body: 'return geoip.lookup("8.8.8.8")?.country;',
    expected: "US",
  },
];

export const documents = { Mail: mail, "PDF and browsers": pdf, Images: images, Parsers: parsers };
