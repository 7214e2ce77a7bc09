// Runs tasks with one client library: reads one task a line from standard input, and answers with
// one line of JSON that tells what a program sees which uses the library.
//
// usage: node clients/drive.mjs <client>
// a task: {"task": "stream", "url": "http://127.0.0.1:8080", "http2": false, "abortAfter": 3,
//          "timeout": 2000, "retries": 0}; each from abortAfter on may be left out, the timeout is in ms
// an answer: {"calls": 1, "value": …, "items": […], "error": null}; calls are the requests that the
//            library made, value is what came whole, items are what a stream brought

import { createInterface } from "node:readline";
import * as undici from "undici";

// Standard output is for answers.
console.log = console.info = console.error;
globalThis.AI_SDK_LOG_WARNINGS = false;

const client = await import(`./${process.argv[2]}.mjs`);

// Over HTTP/2 the libraries use undici in place of the fetch of Node, which does not speak it.
const http2 = new undici.Agent({ allowH2: true, connect: { rejectUnauthorized: false } });
const http1 = new undici.Agent();

/** What a library sees of the world: where to ask, how, and until when. */
function surroundings(order, result) {
  const controller = new AbortController();
  const dispatcher = order.http2 ? http2 : http1;
  return {
    url: order.url,
    // Undefined leaves it to the library.
    retries: order.retries,
    signal: controller.signal,
    dispatcher,
    abort: () => controller.abort(),
    count: () => result.calls++,
    fetch: (url, options) => {
      result.calls++;
      return order.http2
        ? undici.fetch(url, { ...options, dispatcher })
        : fetch(url, options);
    },
  };
}

/** The members of an error that programs go by, whatever the library calls them. */
function told(error) {
  const cause = error.lastError ?? error;
  return {
    name: error.name === "Error" ? error.constructor.name : error.name,
    status: cause.status ?? cause.statusCode ?? null,
    code: cause.code ?? cause.error?.error?.code ?? null,
    type: cause.type ?? cause.error?.error?.type ?? null,
    message: error.message,
  };
}

async function run(order) {
  const result = { calls: 0, value: null, items: [], error: null };
  const at = surroundings(order, result);
  const timer = order.timeout ? setTimeout(at.abort, order.timeout) : undefined;
  try {
    const value = await client.tasks(at)[order.task]();
    if (value?.[Symbol.asyncIterator]) {
      for await (const item of value) {
        result.items.push(item);
        if (result.items.length === order.abortAfter) {
          at.abort();
          break;
        }
      }
    } else {
      result.value = value;
    }
  } catch (error) {
    result.error = told(error);
  } finally {
    clearTimeout(timer);
  }
  return result;
}

// Some libraries reject promises that nobody waits for when a stream breaks off.
process.on("unhandledRejection", () => {});

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await run(JSON.parse(line)))}\n`);
}
process.exit(0);
