// Write the server's documents, read from standard input, as TypeScript: src/rendezvous/protocol.gen.ts.
import { writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { compile } from "json-schema-to-typescript";

const { openapi, asyncapi } = JSON.parse(
  (await text(process.stdin)).replaceAll("#/components/schemas/", "#/definitions/"),
);
const models = { ...openapi.components.schemas, ...asyncapi.components.schemas };

const interfaces = await compile({ title: "Models", definitions: models }, "Models", {
  additionalProperties: false,
  unreachableDefinitions: true,
  bannerComment: "// Made by tools/types.js from the server's own documents.",
  ignoreMinAndMaxItems: true,
  format: false,
});

const nameOf = (schema) => schema.$ref.split("/").at(-1);
const payload = (message) => asyncapi.components.messages[message].payload;
const operations = Object.entries(asyncapi.operations);
const calls = operations
  .filter(([, operation]) => operation.action === "receive")
  .map(([request]) => {
    const { name, payload: asked } = asyncapi.components.messages[request];
    const reply = nameOf(payload(`${name}_ack`).oneOf[0]);
    return `  ${name}: { request: ${nameOf(asked)}; reply: ${reply} };`;
  });
const events = operations
  .filter(([, operation]) => operation.action === "send")
  .map(([name]) => `  ${name}: ${nameOf(payload(name))};`);
const gets = Object.entries(openapi.paths)
  .map(([path, { get }]) => [path, get?.responses["200"].content["application/json"]?.schema])
  .filter(([, schema]) => schema)
  .map(([path, schema]) => `  "${path}": ${nameOf(schema)};`);

const table = (name, comment, lines) =>
  `/** ${comment} */\nexport interface ${name} {\n${lines.join("\n")}\n}\n`;
writeFileSync(
  new URL("../src/rendezvous/protocol.gen.ts", import.meta.url),
  [
    interfaces,
    table("SocketCalls", "What a client may emit, and the acknowledgement.", calls),
    table("ServerEvents", "What the server emits.", events),
    table("Pages", "What GET answers.", gets),
  ].join("\n"),
);
