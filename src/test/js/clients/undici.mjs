// undici without a library on top: the bytes as they come.

import * as undici from "undici";
import { KEY, MESSAGES, MODEL, SCHEMA, TOOL } from "./questions.mjs";

export function tasks(at) {
  const post = (more) => {
    at.count();
    return undici.request(`${at.url}/v1/chat/completions`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${KEY}`,
      },
      body: JSON.stringify({ model: MODEL, messages: MESSAGES, ...more }),
      dispatcher: at.dispatcher,
      signal: at.signal,
    });
  };
  const whole = async (more) => {
    const { statusCode, body } = await post(more);
    const value = await body.json();
    if (statusCode >= 400) {
      throw Object.assign(new Error(value.error?.message), value.error, { status: statusCode });
    }
    return value;
  };
  const lines = async function* (more) {
    const { body } = await post({ ...more, stream: true });
    let rest = "";
    for await (const piece of body) {
      const all = (rest + piece).split("\n");
      rest = all.pop();
      for (const line of all.filter((each) => each.startsWith("data: {"))) {
        const data = JSON.parse(line.slice("data: ".length));
        if (data.error) {
          throw Object.assign(new Error(data.error.message), data.error);
        }
        yield data;
      }
    }
  };
  const tools = {
    tools: [{ type: "function", function: { name: TOOL, parameters: SCHEMA } }],
    tool_choice: "required",
  };
  return {
    plain: () => whole({}),
    stream: () => lines({}),
    tools: () => whole(tools),
    toolStream: () => lines(tools),
  };
}
