// OpenAI's SDK with its client for Azure, whose paths name the deployment.

import { AzureOpenAI } from "openai";
import { chatTasks } from "./chat.mjs";
import { API_VERSION, DEPLOYMENT, KEY } from "./questions.mjs";

export function tasks(at) {
  const client = new AzureOpenAI({
    apiKey: KEY,
    endpoint: at.url,
    deployment: DEPLOYMENT,
    apiVersion: API_VERSION,
    fetch: at.fetch,
    maxRetries: at.retries,
  });
  return chatTasks(client, at, DEPLOYMENT);
}
