import type { FunctionCatalog } from "../../core/functions.ts";
import type { Pauses } from "../../core/ports.ts";
import { type LoadPorts, readLoad } from "../../flows/read-load.ts";
import { type ApiRequest, type Endpoint, json } from "../endpoint.ts";
import { parseNamed } from "../parse.ts";
import { presentFunction } from "../present.ts";
import { mayUse } from "../reach.ts";
import { FunctionsQuery } from "../schemas/functions.ts";

/** `GET /public/v2/functions`: the deployed functions and their settings; with `?include=load`, how busy they are. */
export function listFunctions(ports: LoadPorts & { functions: FunctionCatalog; pauses: Pauses }): Endpoint {
  return async (request) => {
    const functions = [...ports.functions.values()]
      .filter(({ name }) => mayUse(request.principal, name))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const [paused, load] = await Promise.all([
      Promise.all(functions.map(({ id }) => ports.pauses.get(id))),
      asksForLoad(request) ? readLoad(ports, functions) : undefined,
    ]);
    const data = functions.map((deployed, index) =>
      presentFunction(deployed, { pause: paused[index], load: load?.get(deployed.name) }),
    );
    return json(200, { data });
  };
}

/** Whether the query asks for the load. @throws DomainError `bad_request` */
export function asksForLoad({ query }: ApiRequest): boolean {
  return parseNamed("the query", FunctionsQuery, Object.fromEntries(query)).include === "load";
}
