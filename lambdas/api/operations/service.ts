import * as answers from "../responses.ts";
import { json, type Operation } from "./operation.ts";

export const serviceOperations = {
  getHealth: {
    summary: "Whether the service is up; open to everybody",
    answers: { 200: { description: "It is", schema: answers.HealthAnswer } },
  },
  getOpenapi: { summary: "This contract", answers: { 200: json("An OpenAPI 3.1 document") } },
  getAlarms: {
    summary: "The alarms that ring",
    answers: {
      200: { description: "The latest first; none on the developer's machine", schema: answers.AlarmsAnswer },
    },
  },
} satisfies Record<string, Operation>;
