// Vercel's AI SDK with its provider for OpenAI, which speaks Responses unless told otherwise.

import { createOpenAI } from "@ai-sdk/openai";
import { aiTasks } from "./ai-tasks.mjs";
import { KEY, MODEL } from "./questions.mjs";

export function tasks(at) {
  const provider = createOpenAI({ apiKey: KEY, baseURL: `${at.url}/v1`, fetch: at.fetch });
  const responses = aiTasks(provider(MODEL), at);
  return {
    ...aiTasks(provider.chat(MODEL), at),
    responses: responses.plain,
    responseStream: responses.stream,
    responseTools: responses.tools,
    responseToolStream: responses.toolStream,
  };
}
