// The tasks of Vercel's AI SDK, the same for each of its providers.

import { generateText, jsonSchema, streamText, tool } from "ai";
import { QUESTION, SCHEMA, TOOL } from "./questions.mjs";

/** Parts that the SDK makes up: their ids and times are its own, and an abort is its program's. */
const LEFT_OUT = ["start", "start-step", "finish-step", "abort"];

/** What is left out is made by the SDK: ids, times, and the request itself. */
function seen(result) {
  const { text, finishReason, usage, toolCalls } = result;
  const body = result.response?.body;
  return { text, finishReason, usage, toolCalls, body };
}

export function aiTasks(model, at) {
  const question = { model, prompt: QUESTION, maxRetries: at.retries, abortSignal: at.signal };
  const tools = {
    tools: { [TOOL]: tool({ inputSchema: jsonSchema(SCHEMA) }) },
    toolChoice: "required",
  };
  const stream = async function* (more) {
    const result = streamText({ ...question, ...more, onError: () => {} });
    for await (const part of result.fullStream) {
      // A stream of this SDK does not throw: it tells its error in a part.
      if (part.type === "error") {
        throw part.error instanceof Error
          ? part.error
          : Object.assign(new Error(part.error?.message), part.error, { name: "error part" });
      }
      if (!LEFT_OUT.includes(part.type)) {
        yield part;
      }
    }
  };
  return {
    plain: async () => seen(await generateText(question)),
    stream: () => stream({}),
    tools: async () => seen(await generateText({ ...question, ...tools })),
    toolStream: () => stream(tools),
  };
}
