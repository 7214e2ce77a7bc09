package com.huntaze.rollout.cost;

import java.util.List;
import java.util.OptionalLong;

/**
 * Answers in the shapes of real servers, each with the name of the one that sends it, and the usage
 * that is in it.
 */
final class UsageFixtures {
  private UsageFixtures() {}

  /** An answer and what must be read from it. */
  record Fixture(
      String server,
      boolean events,
      String body,
      String model,
      Usage usage,
      OptionalLong reportedNano) {
    @Override
    public String toString() {
      return server;
    }
  }

  private static Fixture json(String server, String body, String model, Usage usage) {
    return new Fixture(server, false, body, model, usage, OptionalLong.empty());
  }

  private static Fixture events(String server, String body, String model, Usage usage) {
    return new Fixture(server, true, body, model, usage, OptionalLong.empty());
  }

  static List<Fixture> all() {
    return List.of(
        json(
            "the router, POST /route",
            """
            {"model":"Llama-3.3-70B","deployment":"llama-33-70b","region":"eastus2","routing":\
            {"type":"chat","usage":{"prompt_tokens":999}},"output":"Hi \\"usage\\": {",\
            "usage":{"prompt_tokens":12,"completion_tokens":34,"total_tokens":46}}""",
            "Llama-3.3-70B",
            Usage.of(12, 34)),
        json(
            "the router without usage",
            """
            {"model":"Azure-Speech-Batch","deployment":"speech","region":"eastus2","usage":null}""",
            "Azure-Speech-Batch",
            null),
        json(
            "OpenAI, chat completion",
            """
            {"id":"chatcmpl-1","object":"chat.completion","model":"gpt-4o-2024-08-06","choices":[{\
            "index":0,"message":{"role":"assistant","content":"Hé\\u0301 \\n","refusal":null},\
            "finish_reason":"stop"}],"usage":{"prompt_tokens":100,"completion_tokens":50,\
            "total_tokens":150,"prompt_tokens_details":{"cached_tokens":64,"audio_tokens":0},\
            "completion_tokens_details":{"reasoning_tokens":32,"audio_tokens":0}},\
            "system_fingerprint":"fp"}""",
            "gpt-4o-2024-08-06",
            new Usage(100, 50, 64, 0, 32)),
        json(
            "OpenAI, embeddings",
            """
            {"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1,-2e-3]}],\
            "model":"text-embedding-3-small","usage":{"prompt_tokens":8,"total_tokens":8}}""",
            "text-embedding-3-small",
            Usage.of(8, 0)),
        json(
            "OpenAI, Responses",
            """
            {"id":"resp_1","object":"response","model":"gpt-5","tools":[{"type":"function",\
            "parameters":{"usage":{"input_tokens":7}}}],"output":[{"type":"message","content":[\
            {"type":"output_text","text":"x"}]}],"usage":{"input_tokens":36,\
            "input_tokens_details":{"cached_tokens":4},"output_tokens":87,\
            "output_tokens_details":{"reasoning_tokens":11},"total_tokens":123}}""",
            "gpt-5",
            new Usage(36, 87, 4, 0, 11)),
        json(
            "Anthropic, message",
            """
            {"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5",\
            "content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn","usage":\
            {"input_tokens":10,"cache_creation_input_tokens":20,"cache_read_input_tokens":30,\
            "output_tokens":5}}""",
            "claude-sonnet-4-5",
            new Usage(60, 5, 30, 20, 0)),
        json(
            "Anthropic, message with writes for five minutes and for an hour",
            """
            {"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5",\
            "content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn","usage":\
            {"input_tokens":10,"cache_creation_input_tokens":556,"cache_read_input_tokens":1800,\
            "cache_creation":{"ephemeral_5m_input_tokens":456,"ephemeral_1h_input_tokens":100},\
            "output_tokens":503}}""",
            "claude-sonnet-4-5",
            new Usage(2366, 503, 1800, 556, 0, 100, 0, 0)),
        json(
            "OpenAI, chat completion with audio in and out",
            """
            {"id":"chatcmpl-1","object":"chat.completion","model":"gpt-4o-audio-preview",\
            "choices":[{"index":0,"message":{"role":"assistant","content":null,"audio":\
            {"id":"audio_1","data":"UklGRg==","transcript":"hi"}},"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":117,"completion_tokens":243,"total_tokens":360,\
            "prompt_tokens_details":{"cached_tokens":0,"text_tokens":17,"audio_tokens":100},\
            "completion_tokens_details":{"reasoning_tokens":0,"text_tokens":43,"audio_tokens":200,\
            "accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}""",
            "gpt-4o-audio-preview",
            new Usage(117, 243, 0, 0, 0, 0, 100, 200)),
        json(
            "OpenAI, transcription",
            """
            {"text":"hi","usage":{"type":"tokens","input_tokens":14,"input_token_details":\
            {"text_tokens":4,"audio_tokens":10},"output_tokens":45,"total_tokens":59}}""",
            null,
            new Usage(14, 45, 0, 0, 0, 0, 10, 0)),
        json(
            "Gemini, generateContent",
            """
            {"candidates":[{"content":{"parts":[{"text":"hi"}],"role":"model"}}],"usageMetadata":\
            {"promptTokenCount":9,"candidatesTokenCount":3,"totalTokenCount":20,\
            "thoughtsTokenCount":8,"cachedContentTokenCount":2},"modelVersion":"gemini-2.5-pro"}""",
            "gemini-2.5-pro",
            new Usage(9, 11, 2, 0, 8)),
        json(
            "Gemini, with the results of its tools",
            """
            {"candidates":[{"content":{"parts":[{"text":"hi"}],"role":"model"}}],"usageMetadata":\
            {"promptTokenCount":9,"toolUsePromptTokenCount":100,"candidatesTokenCount":3,\
            "totalTokenCount":120,"thoughtsTokenCount":8},"modelVersion":"gemini-2.5-pro"}""",
            "gemini-2.5-pro",
            new Usage(109, 11, 0, 0, 8)),
        json(
            "Bedrock, Converse",
            """
            {"output":{"message":{"role":"assistant","content":[{"text":"hi"}]}},"usage":\
            {"inputTokens":6,"outputTokens":7,"totalTokens":13}}""",
            null,
            Usage.of(6, 7)),
        json(
            "xAI, whose reasoning is not in its output",
            """
            {"model":"grok-4","choices":[{"message":{"content":"x"}}],"usage":{"prompt_tokens":32,\
            "completion_tokens":9,"total_tokens":141,\
            "completion_tokens_details":{"reasoning_tokens":100}}}""",
            "grok-4",
            new Usage(32, 109, 0, 0, 100)),
        json(
            "DeepSeek, with its own names for the cache",
            """
            {"model":"deepseek-chat","choices":[{"message":{"content":"x"}}],"usage":\
            {"prompt_tokens":16,"completion_tokens":10,"total_tokens":26,\
            "prompt_cache_hit_tokens":6,"prompt_cache_miss_tokens":10}}""",
            "deepseek-chat",
            new Usage(16, 10, 6, 0, 0)),
        json(
            "Ollama, chat",
            """
            {"model":"llama3.2","message":{"role":"assistant","content":"x"},"done":true,\
            "prompt_eval_count":26,"eval_count":298}""",
            "llama3.2",
            Usage.of(26, 298)),
        json(
            "Cohere, chat v2",
            """
            {"id":"1","message":{"role":"assistant","content":[{"type":"text","text":"x"}]},\
            "usage":{"billed_units":{"input_tokens":5,"output_tokens":418},"tokens":\
            {"input_tokens":71,"output_tokens":418}}}""",
            null,
            Usage.of(5, 418)),
        new Fixture(
            "OpenRouter, which tells its cost",
            false,
            """
            {"model":"openai/gpt-4o","choices":[{"message":{"content":"x"}}],"usage":\
            {"prompt_tokens":10,"completion_tokens":2,"total_tokens":12,"cost":0.00014}}""",
            "openai/gpt-4o",
            Usage.of(10, 2),
            OptionalLong.of(140_000)),
        new Fixture(
            "Perplexity, whose cost is in parts",
            false,
            """
            {"model":"sonar","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":70,\
            "cost":{"input_tokens_cost":1e-5,"request_cost":0.005,"total_cost":5.0790000004E-3}}}""",
            "sonar",
            Usage.of(9, 70),
            OptionalLong.of(5_079_000)),
        events(
            "Azure OpenAI, chat stream with an annotation first",
            """
            data: {"choices":[],"created":0,"model":"","object":"","prompt_filter_results":[]}

            data: {"choices":[{"delta":{"role":"assistant"},"index":0}],"model":"gpt-4o","usage":null}

            data: {"choices":[{"delta":{"content":"a"},"index":0}],"model":"gpt-4o","usage":null}

            data: {"choices":[{"delta":{},"finish_reason":"stop"}],"model":"gpt-4o","usage":null}

            data: {"choices":[],"model":"gpt-4o","usage":{"completion_tokens":1,"prompt_tokens":20,\
            "prompt_tokens_details":{"cached_tokens":0},"total_tokens":21}}

            data: [DONE]

            """,
            "gpt-4o",
            Usage.of(20, 1)),
        events(
            "OpenAI, Responses stream",
            """
            event: response.created
            data: {"type":"response.created","response":{"id":"r","model":"gpt-5","usage":null}}

            event: response.output_text.delta
            data: {"type":"response.output_text.delta","delta":"hello"}

            event: response.completed
            data: {"type":"response.completed","response":{"model":"gpt-5","output":[{"text":"h"}],\
            "usage":{"input_tokens":3,"output_tokens":4,"total_tokens":7}}}

            """,
            "gpt-5",
            Usage.of(3, 4)),
        events(
            "Anthropic, message stream",
            """
            event: message_start
            data: {"type":"message_start","message":{"id":"m","model":"claude-haiku-4-5","usage":\
            {"input_tokens":25,"cache_creation_input_tokens":3,"cache_read_input_tokens":4,\
            "output_tokens":1}}}

            event: ping
            data: {"type": "ping"}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":\
            {"output_tokens":10}}

            event: message_delta
            data: {"type":"message_delta","delta":{},"usage":{"output_tokens":15}}

            event: message_stop
            data: {"type":"message_stop"}

            """,
            "claude-haiku-4-5",
            new Usage(32, 15, 4, 3, 0)),
        events(
            "vLLM, with usage in every chunk",
            """
            : ping

            data: {"model":"m","choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":5,\
            "completion_tokens":1,"total_tokens":6}}

            data: {"model":"m","choices":[{"delta":{"content":"b"}}],"usage":{"prompt_tokens":5,\
            "completion_tokens":2,"total_tokens":7}}

            data: [DONE]

            """,
            "m",
            Usage.of(5, 2)),
        events(
            "Groq, whose usage stands in x_groq",
            """
            data: {"model":"llama","choices":[{"delta":{"content":"a"}}]}

            data: {"model":"llama","choices":[{"delta":{},"finish_reason":"stop"}],"x_groq":{"id":\
            "req","usage":{"prompt_tokens":18,"completion_tokens":2,"total_tokens":20}}}

            data: [DONE]

            """,
            "llama",
            Usage.of(18, 2)),
        events(
            "Moonshot, whose usage stands in the choice",
            """
            data: {"model":"kimi","choices":[{"index":0,"delta":{},"finish_reason":"stop","usage":\
            {"prompt_tokens":19,"completion_tokens":13,"total_tokens":32,"cached_tokens":2}}]}

            data: [DONE]

            """,
            "kimi",
            new Usage(19, 13, 2, 0, 0)),
        events(
            "uvicorn's CRLF lines, a byte order mark, an event over two data lines",
            "\uFEFFdata: {\"model\":\"m\",\r\ndata: \"usage\":{\"prompt_tokens\":1,\r\n"
                + "data: \"completion_tokens\":2}}\r\n\r\ndata: [DONE]\r\n\r\n",
            "m",
            Usage.of(1, 2)),
        events(
            "a server that ends lines with CR alone and leaves out the last blank line",
            "data:{\"model\":\"m\"}\r\rid: 7\rdata:{\"usage\":{\"total_tokens\":9}}\r",
            "m",
            Usage.of(9, 0)));
  }
}
