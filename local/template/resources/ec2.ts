import * as z from "zod";
import { stableId } from "../../account.ts";
import { type AnyResourceHandler, nameFor, type ResourceContext, withoutEffect } from "./resource-handler.ts";
import type { Services } from "./services.ts";

// Networks have no counterpart here, but `RunTask` refuses what no template has made. What each type refers to is
// checked by the references themselves.

const properties: Readonly<
  Record<string, { prefix: string; names: readonly string[]; attributes: readonly string[] }>
> = {
  VPC: { prefix: "vpc", names: ["CidrBlock", "EnableDnsSupport", "EnableDnsHostnames"], attributes: ["VpcId"] },
  InternetGateway: { prefix: "igw", names: [], attributes: ["InternetGatewayId"] },
  VPCGatewayAttachment: { prefix: "attachment", names: ["VpcId", "InternetGatewayId"], attributes: [] },
  RouteTable: { prefix: "rtb", names: ["VpcId"], attributes: ["RouteTableId"] },
  Route: { prefix: "route", names: ["RouteTableId", "DestinationCidrBlock", "GatewayId"], attributes: [] },
  Subnet: { prefix: "subnet", names: ["VpcId", "CidrBlock", "AvailabilityZone"], attributes: ["SubnetId"] },
  SubnetRouteTableAssociation: { prefix: "rtbassoc", names: ["SubnetId", "RouteTableId"], attributes: [] },
  SecurityGroup: {
    prefix: "sg",
    names: ["VpcId", "GroupName", "GroupDescription", "SecurityGroupEgress", "SecurityGroupIngress"],
    attributes: ["GroupId"],
  },
};

/** Handlers of the types of `AWS::EC2` that make up a network. */
export function ec2({ ecs }: Services): Record<string, AnyResourceHandler> {
  return Object.fromEntries(
    Object.entries(properties).map(([type, { prefix, names, attributes }]): [string, AnyResourceHandler] => {
      const create = async (_: unknown, place: ResourceContext) => {
        const id = `${prefix}-${stableId(nameFor(place), 17)}`;
        ecs.addToNetwork(id);
        return { ref: id, attributes: Object.fromEntries(attributes.map((name) => [name, id])) };
      };
      return [
        `AWS::EC2::${type}`,
        {
          properties: z.strictObject(Object.fromEntries([...names, "Tags"].map((name) => [name, withoutEffect]))),
          create,
          update: (given, _, place) => create(given, place),
          async remove(_, { ref }) {
            ecs.removeFromNetwork(ref);
          },
        },
      ];
    }),
  );
}
