import { Fn } from "aws-cdk-lib";
import {
  CfnInternetGateway,
  CfnRoute,
  CfnRouteTable,
  CfnSecurityGroup,
  CfnSubnet,
  CfnSubnetRouteTableAssociation,
  CfnVPC,
  CfnVPCGatewayAttachment,
} from "aws-cdk-lib/aws-ec2";
import { Construct } from "constructs";
import { acknowledge, acknowledgeCheckov } from "../acknowledge.ts";

const ANYWHERE = "0.0.0.0/0";

/** The subnets lie in so many zones, so that tasks start when one of them has no capacity. */
const ZONES = 2;

/**
 * A small VPC of public subnets for tasks: they reach the internet with addresses of their own, so that no NAT gateway
 * is paid for, and nobody reaches them. Made of plain resources: the CDK's `Vpc` would look up the zones in the
 * account.
 */
export class OwnNetwork extends Construct {
  readonly subnets: string[];
  readonly securityGroups: string[];
  readonly hasPublicIp = true;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const vpc = new CfnVPC(this, "Vpc", { cidrBlock: "10.0.0.0/16", enableDnsSupport: true, enableDnsHostnames: true });
    acknowledge(vpc, "VPC7", "No flow logs: nobody reaches its tasks, and what they reach is the user's affair.");
    const gateway = new CfnInternetGateway(this, "Gateway");
    const attachment = new CfnVPCGatewayAttachment(this, "Attachment", {
      vpcId: vpc.ref,
      internetGatewayId: gateway.ref,
    });
    const routes = new CfnRouteTable(this, "Routes", { vpcId: vpc.ref });
    const outwards = new CfnRoute(this, "Outwards", {
      routeTableId: routes.ref,
      destinationCidrBlock: ANYWHERE,
      gatewayId: gateway.ref,
    });
    outwards.addResourceDependency(attachment);
    this.subnets = Array.from({ length: ZONES }, (_, zone) => {
      const subnet = new CfnSubnet(this, `Subnet${zone}`, {
        vpcId: vpc.ref,
        cidrBlock: `10.0.${zone * 16}.0/20`,
        availabilityZone: Fn.select(zone, Fn.getAzs()),
      });
      new CfnSubnetRouteTableAssociation(this, `Routing${zone}`, { subnetId: subnet.ref, routeTableId: routes.ref });
      return subnet.ref;
    });
    const group = new CfnSecurityGroup(this, "SecurityGroup", {
      vpcId: vpc.ref,
      groupDescription: "Tasks of functions: nobody reaches them",
      securityGroupEgress: [{ ipProtocol: "-1", cidrIp: ANYWHERE, description: "Whatever a function calls" }],
    });
    acknowledgeCheckov(group, { CKV_AWS_382: "A function may call whatever it needs." });
    this.securityGroups = [group.attrGroupId];
  }
}
