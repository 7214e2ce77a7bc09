// Asks a proxy once through the OpenAI SDK, and prints what a program that uses the SDK sees of it
// as one line of JSON.
//
// usage: node ask.mjs <port> <api key> <correlation id> whole|stream

import OpenAI from "openai";

const [port, apiKey, correlationId, kind] = process.argv.slice(2);
const seen = { requests: 0, content: "", finish: null };

// The SDK's own number of retries is kept: the proxy's errors must tell it not to use them.
const client = new OpenAI({
  apiKey,
  baseURL: `http://127.0.0.1:${port}/v1`,
  timeout: 30_000,
  defaultHeaders: { "X-Correlation-ID": correlationId },
  fetch: (url, options) => {
    seen.requests++;
    return fetch(url, options);
  },
});
const question = { model: "any", messages: [{ role: "user", content: "hi" }] };

try {
  if (kind === "stream") {
    for await (const chunk of await client.chat.completions.create({ ...question, stream: true })) {
      seen.content += chunk.choices[0]?.delta?.content ?? "";
      seen.finish = chunk.choices[0]?.finish_reason ?? seen.finish;
    }
  } else {
    const answer = await client.chat.completions.create(question);
    seen.content = answer.choices[0].message.content;
    seen.finish = answer.choices[0].finish_reason;
    seen.tokens = answer.usage.total_tokens;
  }
} catch (error) {
  seen.error = {
    name: error.constructor.name,
    isApiError: error instanceof OpenAI.APIError,
    status: error.status ?? null,
    code: error.code ?? null,
    type: error.type ?? null,
    message: error.message,
    retryAfter: error.headers?.get("retry-after") ?? null,
    correlationId: error.headers?.get("x-correlation-id") ?? null,
  };
}
console.log(JSON.stringify(seen));
