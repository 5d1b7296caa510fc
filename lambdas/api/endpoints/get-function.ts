import { DomainError } from "../../core/errors.ts";
import type { FunctionCatalog } from "../../core/functions.ts";
import type { Pauses } from "../../core/ports.ts";
import { type LoadPorts, readLoad } from "../../flows/read-load.ts";
import { type Endpoint, json } from "../endpoint.ts";
import { presentFunction } from "../present.ts";
import { asksForLoad } from "./list-functions.ts";

/** `GET /public/v2/functions/{name}`: one deployed function, as the list has it. */
export function getFunction(ports: LoadPorts & { functions: FunctionCatalog; pauses: Pauses }): Endpoint {
  return async (request) => {
    const withLoad = asksForLoad(request);
    const { name = "" } = request.parameters;
    const deployed = ports.functions.get(name);
    if (deployed === undefined) throw new DomainError("not_found", `cannot find function "${name.slice(0, 100)}"`);
    const pause = await ports.pauses.get(deployed.id);
    const load = withLoad ? (await readLoad(ports, [deployed])).get(name) : undefined;
    return json(200, { data: presentFunction(deployed, { pause, load }) });
  };
}
