// LangChain with its models for OpenAI.

import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { KEY, MODEL, QUESTION, SCHEMA, TOOL } from "./questions.mjs";

function seen(message) {
  const { content, tool_calls, additional_kwargs, response_metadata, usage_metadata } = message;
  return { content, tool_calls, additional_kwargs, response_metadata, usage_metadata };
}

async function* each(stream) {
  for await (const chunk of await stream) {
    yield seen(chunk);
  }
}

export function tasks(at) {
  const configuration = { baseURL: `${at.url}/v1`, fetch: at.fetch };
  const model = new ChatOpenAI({ model: MODEL, apiKey: KEY, maxRetries: at.retries, configuration });
  const tool = { type: "function", function: { name: TOOL, parameters: SCHEMA } };
  const calling = model.bindTools([tool], { tool_choice: "required" });
  const until = { signal: at.signal };
  return {
    plain: async () => seen(await model.invoke(QUESTION, until)),
    stream: () => each(model.stream(QUESTION, until)),
    tools: async () => seen(await calling.invoke(QUESTION, until)),
    toolStream: () => each(calling.stream(QUESTION, until)),
    embeddings: () =>
      new OpenAIEmbeddings({
        model: "text-embedding-3-small",
        apiKey: KEY,
        configuration,
      }).embedQuery(QUESTION),
  };
}
