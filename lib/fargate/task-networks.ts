import { Stack } from "aws-cdk-lib";
import { type ISecurityGroup, type IVpc, SecurityGroup } from "aws-cdk-lib/aws-ec2";
import { Construct } from "constructs";
import { acknowledgeCheckov } from "../acknowledge.ts";
import type { FunctionOptions } from "../options.ts";
import { OwnNetwork } from "./own-network.ts";

interface Network {
  subnets: string[];
  securityGroups: string[];
  hasPublicIp: boolean;
}

/** The networks that tasks run in: the user's, or else a small one of their own. */
export class TaskNetworks extends Construct {
  readonly #networks: Network[] = [];
  /** By function. */
  readonly #indexes = new Map<string, number>();
  readonly #securityGroups = new Map<IVpc, ISecurityGroup>();
  #own: OwnNetwork | undefined;

  /** Puts a function into the network of its options. */
  add(functionName: string, options: FunctionOptions): void {
    const network = this.#networkOf(options);
    const known = this.#networks.findIndex((it) => isSame(it, network));
    if (known === -1) this.#networks.push(network);
    this.#indexes.set(functionName, known === -1 ? this.#networks.length - 1 : known);
  }

  /** Returns `EPOQUE_NETWORKS` of the Lambda that launches tasks. */
  toJson(): string {
    const byFunction = Object.fromEntries([...this.#indexes].filter(([, index]) => index > 0));
    return Stack.of(this).toJsonString({ networks: this.#networks, byFunction });
  }

  #networkOf({ vpc, vpcSubnets, securityGroups }: FunctionOptions): Network {
    if (vpc === undefined) {
      this.#own ??= new OwnNetwork(this, "Own");
      const { subnets, securityGroups, hasPublicIp } = this.#own;
      return { subnets, securityGroups, hasPublicIp };
    }
    const { subnetIds: subnets, hasPublic: hasPublicIp } = vpc.selectSubnets(vpcSubnets);
    const groups = securityGroups ?? [this.#securityGroupIn(vpc)];
    return { subnets, securityGroups: groups.map(({ securityGroupId }) => securityGroupId), hasPublicIp };
  }

  #securityGroupIn(vpc: IVpc): ISecurityGroup {
    const known = this.#securityGroups.get(vpc);
    if (known !== undefined) return known;
    const made = new SecurityGroup(this, `SecurityGroup${this.#securityGroups.size}`, {
      vpc,
      description: "Tasks of functions: nobody reaches them",
    });
    acknowledgeCheckov(made, { CKV_AWS_382: "A function may call whatever it needs." });
    this.#securityGroups.set(vpc, made);
    return made;
  }
}

function isSame(one: Network, other: Network): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
