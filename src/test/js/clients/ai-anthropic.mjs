// Vercel's AI SDK with its provider for Anthropic.

import { createAnthropic } from "@ai-sdk/anthropic";
import { aiTasks } from "./ai-tasks.mjs";
import { KEY, MODEL } from "./questions.mjs";

export function tasks(at) {
  const provider = createAnthropic({ apiKey: KEY, baseURL: `${at.url}/v1`, fetch: at.fetch });
  return aiTasks(provider(MODEL), at);
}
