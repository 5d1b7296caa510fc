import { expect, it } from "vitest";
import { aFunction, aFunctionProject } from "../support/function-project.ts";

const reflect = `const found: Record<string, string> = {};
(Reflect as any).metadata = (key: string, value: any) => (target: any, property?: string) => {
  found[[target.name, property, key].filter(Boolean).join(" ")] = [value].flat().map((one) => one?.name).join(",");
};
export { found };`;

const options = (more: object) => JSON.stringify({ compilerOptions: { experimentalDecorators: true, ...more } });

it("emitDecoratorMetadata of tsconfig.json, or of one that it extends, tells the types of fields and constructors", async () => {
  await using project = await aFunctionProject({
    "tsconfig.base.json": options({ emitDecoratorMetadata: true, target: "es2021" }),
    "tsconfig.json": '{ "extends": "./tsconfig.base.json", /* as comments may be here */ }',
    "reflect.ts": reflect,
    "entity.tsx": `import "./reflect";
      function Column(): PropertyDecorator { return () => {}; }
      function Injectable(): ClassDecorator { return () => {}; }
      export class Mailer {}
      export class Entity { @Column() at!: Date; @Column() title!: string; }
      @Injectable() export class Service { constructor(readonly mailer: Mailer, readonly count: number) {} }
      export const shown = <b>{1}</b>;`,
    "node_modules/react/jsx-runtime.js": "exports.jsx = () => 1;",
    "node_modules/react/package.json": '{ "name": "react" }',
    "defer/a.ts": aFunction(
      "typed",
      "return found;",
      'import { found } from "../reflect"; import { Entity, Service } from "../entity"; new Entity(); void Service;',
    ),
  });
  expect(await project.call("typed")).toEqual({
    "at design:type": "Date",
    "title design:type": "String",
    "Service design:paramtypes": "Mailer,Number",
  });
});

it("the project's own TypeScript does it where there is one", async () => {
  await using project = await aFunctionProject({
    "tsconfig.json": options({ emitDecoratorMetadata: true }),
    "node_modules/typescript/package.json": '{ "name": "typescript", "main": "index.js" }',
    "node_modules/typescript/index.js": `module.exports = { ModuleKind: {}, ScriptTarget: {}, JsxEmit: {},
      convertCompilerOptionsFromJson: () => ({ options: {} }),
      transpileModule: (text) => ({ outputText: text.replace("@Old()", "").replace("esbuild", "own TypeScript") }) };`,
    "defer/a.ts": aFunction(
      "compiled",
      'class A { @Old() by = "esbuild" } return new A().by;',
      "declare const Old: any;",
    ).replace("declare const Old: any;", ""),
  });
  expect(await project.call("compiled")).toBe("own TypeScript");
});

it("without it nothing is compiled twice", async () => {
  await using project = await aFunctionProject({
    "tsconfig.json": options({}),
    "reflect.ts": reflect,
    "defer/a.ts": aFunction(
      "plain",
      "class A { @Column() at!: Date } new A(); return found;",
      'import { found } from "../reflect"; function Column(): PropertyDecorator { return () => {}; }',
    ),
  });
  expect(await project.call("plain")).toEqual({});
});
