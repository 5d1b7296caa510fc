import * as z from "zod";
import { stableId } from "../../account.ts";
import { nameFor, type ResourceContext, type ResourceHandler, withoutEffect } from "./resource-handler.ts";
import type { Services } from "./services.ts";

// The four resource types of an HTTP API.

const idOf = (place: ResourceContext) => stableId(nameFor(place), 10);

const Api = z.strictObject({
  Name: z.string(),
  ProtocolType: z.literal("HTTP"),
  Description: withoutEffect,
  Tags: withoutEffect,
});

/** `AWS::ApiGatewayV2::Api`. At most one: it has the port of the cloud's options. */
export function httpApi({ httpApi: server }: Services): ResourceHandler<z.infer<typeof Api>> {
  let owner: string | undefined;
  const put = async (_: unknown, place: ResourceContext) => {
    const id = idOf(place);
    if (owner !== undefined && owner !== id) throw new Error("there can be only one HTTP API here");
    owner = id;
    server.apiId = id;
    return { ref: id, attributes: { ApiId: id, ApiEndpoint: server.endpoint } };
  };
  return {
    properties: Api,
    create: put,
    update: (properties, _, place) => put(properties, place),
    async remove() {
      owner = undefined;
    },
  };
}

const Stage = z.strictObject({
  ApiId: z.string(),
  /** The name of another stage would be part of every path. */
  StageName: z.literal("$default"),
  AutoDeploy: z.literal(true),
  // Nothing is throttled here, and the access log is not written.
  DefaultRouteSettings: withoutEffect,
  AccessLogSettings: withoutEffect,
  Description: withoutEffect,
  Tags: withoutEffect,
});

/** `AWS::ApiGatewayV2::Stage`. */
export function httpStage({ httpApi: server }: Services): ResourceHandler<z.infer<typeof Stage>> {
  const put = async ({ StageName }: z.infer<typeof Stage>) => {
    server.stage = StageName;
    return { ref: StageName, attributes: {} };
  };
  return { properties: Stage, create: put, update: put, async remove() {} };
}

const Integration = z.strictObject({
  ApiId: z.string(),
  IntegrationType: z.literal("AWS_PROXY"),
  IntegrationUri: z.string().regex(/^arn:aws:lambda:/, "only Lambda functions can be integrated here"),
  PayloadFormatVersion: z.literal("2.0"),
  Description: withoutEffect,
});

/** `AWS::ApiGatewayV2::Integration` of a Lambda function. */
export function httpIntegration({ httpApi: server }: Services): ResourceHandler<z.infer<typeof Integration>> {
  const put = async ({ IntegrationUri }: z.infer<typeof Integration>, place: ResourceContext) => {
    const id = idOf(place);
    server.putIntegration(id, IntegrationUri.split(":").at(-1) ?? "");
    return { ref: id, attributes: { IntegrationId: id } };
  };
  return {
    properties: Integration,
    create: put,
    update: (properties, _, place) => put(properties, place),
    async remove(_, { ref }) {
      server.removeIntegration(ref);
    },
  };
}

const Route = z.strictObject({
  ApiId: z.string(),
  RouteKey: z.string(),
  Target: z.string().startsWith("integrations/"),
  AuthorizationType: z.enum(["NONE", "AWS_IAM"]).optional(),
});

/** `AWS::ApiGatewayV2::Route`. */
export function httpRoute({ httpApi: server }: Services): ResourceHandler<z.infer<typeof Route>> {
  const put = async ({ RouteKey, Target, AuthorizationType }: z.infer<typeof Route>, place: ResourceContext) => {
    const id = idOf(place);
    const target = Target.slice("integrations/".length);
    server.putRoute(id, { routeKey: RouteKey, target, isIam: AuthorizationType === "AWS_IAM" });
    return { ref: id, attributes: { RouteId: id } };
  };
  return {
    properties: Route,
    create: put,
    update: (properties, _, place) => put(properties, place),
    async remove(_, { ref }) {
      server.removeRoute(ref);
    },
  };
}
