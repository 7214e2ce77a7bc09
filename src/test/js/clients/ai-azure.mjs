// Vercel's AI SDK with its provider for Azure, with the paths of deployments.

import { createAzure } from "@ai-sdk/azure";
import { aiTasks } from "./ai-tasks.mjs";
import { API_VERSION, DEPLOYMENT, KEY } from "./questions.mjs";

export function tasks(at) {
  const provider = createAzure({
    apiKey: KEY,
    baseURL: `${at.url}/openai`,
    apiVersion: API_VERSION,
    useDeploymentBasedUrls: true,
    fetch: at.fetch,
  });
  return aiTasks(provider.chat(DEPLOYMENT), at);
}
