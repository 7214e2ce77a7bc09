// Anthropic's SDK.

import Anthropic from "@anthropic-ai/sdk";
import { KEY, MESSAGES, MODEL, SCHEMA, TOOL } from "./questions.mjs";

export function tasks(at) {
  const client = new Anthropic({
    apiKey: KEY,
    baseURL: at.url,
    fetch: at.fetch,
    maxRetries: at.retries,
  });
  const ask = (more) =>
    client.messages.create(
      { model: MODEL, max_tokens: 500, messages: MESSAGES, ...more },
      { signal: at.signal },
    );
  const tools = {
    tools: [{ name: TOOL, input_schema: SCHEMA }],
    tool_choice: { type: "any" },
  };
  return {
    plain: () => ask({}),
    stream: () => ask({ stream: true }),
    tools: () => ask(tools),
    toolStream: () => ask({ ...tools, stream: true }),
  };
}
