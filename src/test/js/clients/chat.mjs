// The tasks of OpenAI's SDK that its client for Azure shares.

import { MESSAGES, QUESTION, SCHEMA, TOOL } from "./questions.mjs";

export function chatTasks(client, at, model) {
  const chat = (more) =>
    client.chat.completions.create({ model, messages: MESSAGES, ...more }, { signal: at.signal });
  const tools = {
    tools: [{ type: "function", function: { name: TOOL, parameters: SCHEMA } }],
    tool_choice: "required",
  };
  return {
    plain: () => chat({}),
    stream: () => chat({ stream: true }),
    usage: () => chat({ stream: true, stream_options: { include_usage: true } }),
    tools: () => chat(tools),
    toolStream: () => chat({ ...tools, stream: true }),
    embeddings: () =>
      client.embeddings.create({ model: "text-embedding-3-small", input: QUESTION }),
  };
}

export function responseTasks(client, at, model) {
  const respond = (more) =>
    client.responses.create({ model, input: QUESTION, ...more }, { signal: at.signal });
  const tools = {
    tools: [{ type: "function", name: TOOL, parameters: SCHEMA, strict: true }],
    tool_choice: "required",
  };
  return {
    responses: () => respond({}),
    responseStream: () => respond({ stream: true }),
    responseTools: () => respond(tools),
    responseToolStream: () => respond({ ...tools, stream: true }),
  };
}
