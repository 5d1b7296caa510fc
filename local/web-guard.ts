import type { IncomingMessage } from "node:http";

/** Status and reason with which a request is refused. */
export interface WebRefusal {
  status: 400 | 403;
  message: string;
}

/** The names of the loopback interface. A name that an attacker binds to 127.0.0.1 is another one. */
const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/** `none`: the user typed the address. */
const OWN_SITES = ["same-origin", "none"];

/**
 * Returns why a request must not be served: a web page of another origin made the browser send it. Returns `undefined`
 * for a request of a program and for one of a page of the same origin. Pages cannot set the headers this relies on:
 * https://fetch.spec.whatwg.org/#forbidden-request-header
 */
export function refusalOf({ url = "", headersDistinct }: IncomingMessage): WebRefusal | undefined {
  const { host: hosts = [], origin: origins = [], "sec-fetch-site": sites = [] } = headersDistinct;
  const host = hosts[0] ?? "";
  if (hosts.length > 1) return { status: 400, message: "a request must have one Host header only" };
  if (!LOOPBACK_HOST.test(host)) {
    return {
      status: 403,
      message: "the local cloud answers at localhost, 127.0.0.1 and [::1] only, not at other hosts",
    };
  }
  const authority = /^[a-z]+:\/\/([^/?#]*)/i.exec(url)?.[1];
  if (authority !== undefined && authority.toLowerCase() !== host.toLowerCase()) {
    return { status: 400, message: "the URL and the Host header name different hosts" };
  }
  const own = `http://${host}`.toLowerCase();
  const isForeign =
    origins.some((origin) => origin.toLowerCase() !== own) || sites.some((site) => !OWN_SITES.includes(site));
  return isForeign ? { status: 403, message: "the local cloud serves no web pages of other origins" } : undefined;
}
