import type { FunctionCatalog } from "../../core/functions.ts";
import { type LoadPorts, readLoad } from "../../flows/read-load.ts";
import { type Endpoint, json, type Request } from "../endpoint.ts";
import { parseNamed } from "../parse.ts";
import { presentFunction } from "../present.ts";
import { mayUse } from "../reach.ts";
import { FunctionsQuery } from "../schemas.ts";

/** `GET /public/v2/functions`: the deployed functions and their settings; with `?include=load`, how busy they are. */
export function listFunctions(ports: LoadPorts & { functions: FunctionCatalog }): Endpoint {
  return async (request) => {
    const functions = [...ports.functions.values()]
      .filter(({ name }) => mayUse(request.principal, name))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const load = asksForLoad(request) ? await readLoad(ports, functions) : undefined;
    return json(200, { data: functions.map((deployed) => presentFunction(deployed, load?.get(deployed.name))) });
  };
}

/** Whether the query asks for the load. @throws DomainError `bad_request` */
export function asksForLoad({ query }: Request): boolean {
  return parseNamed("the query", FunctionsQuery, Object.fromEntries(query)).include === "load";
}
