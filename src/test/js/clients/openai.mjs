// OpenAI's SDK.

import OpenAI from "openai";
import { chatTasks, responseTasks } from "./chat.mjs";
import { KEY, MODEL } from "./questions.mjs";

export function tasks(at) {
  const client = new OpenAI({
    apiKey: KEY,
    baseURL: `${at.url}/v1`,
    fetch: at.fetch,
    maxRetries: at.retries,
  });
  return { ...chatTasks(client, at, MODEL), ...responseTasks(client, at, MODEL) };
}
