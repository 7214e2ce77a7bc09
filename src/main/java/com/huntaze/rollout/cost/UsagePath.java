package com.huntaze.rollout.cost;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The objects and arrays of an answer in which something of interest can stand, and what does. Any
 * other container is passed over whole, so a {@code usage} within a tool's schema or a user's
 * metadata is none.
 *
 * <p>Known are the router's answers, OpenAI's chat completions, Responses and embeddings, Azure's,
 * Anthropic's messages, and what others made of them: Groq, Moonshot, Mistral, DeepSeek,
 * OpenRouter, LiteLLM, Cohere, Gemini, Bedrock, Ollama.
 */
enum UsagePath {
  ROOT,
  /** The {@code choices} of OpenAI. */
  CHOICES,
  CHOICE,
  /** A choice's delta or message, Anthropic's delta. */
  DELTA,
  TOOL_CALLS,
  TOOL_CALL,
  FUNCTION,
  /** The message that Anthropic's {@code message_start} brings, and each line of Ollama's. */
  MESSAGE,
  /** The response that an event of the Responses API repeats. */
  RESPONSE,
  /** The item of a response that an event of the same tells. */
  ITEM,
  /** The container that some providers put the usage in. */
  WRAPPER,
  USAGE,
  INPUT_DETAILS,
  OUTPUT_DETAILS,
  /** Anthropic's writes to a cache, by the time that they stay there. */
  CACHE_CREATION,
  /** A cost that is told in parts. */
  COSTS;

  private Target[] targets = {};

  /** Returns whether it is an array. */
  boolean isArray() {
    return this == CHOICES || this == TOOL_CALLS;
  }

  /** A member's name, and what its value is: a container, a scalar, or either. */
  private record Target(byte[] name, UsagePath place, UsageField field) {}

  static {
    ROOT.fields(UsageField.MODEL, "model", "modelVersion")
        .fields(UsageField.DEPLOYMENT, "deployment")
        .fields(UsageField.REGION, "region")
        .fields(UsageField.TEXT, "output", "thinking")
        .fields(UsageField.PROMPT, "prompt_eval_count")
        .fields(UsageField.OUTPUT, "eval_count")
        .places(CHOICES, "choices")
        .places(USAGE, "usage", "usageMetadata", "amazon-bedrock-invocationMetrics")
        .fields(UsageField.THREAD_ID, "thread_id", "id")
        .places(MESSAGE, "message")
        .places(ITEM, "item")
        .places(WRAPPER, "x_groq", "meta")
        .either(RESPONSE, UsageField.TEXT, "response")
        .either(DELTA, UsageField.TEXT, "delta");
    CHOICES.places(CHOICE, "");
    CHOICE.fields(UsageField.TEXT, "text").places(DELTA, "delta", "message").places(USAGE, "usage");
    DELTA
        .fields(UsageField.TEXT, "content", "text", "reasoning_content", "reasoning", "refusal")
        .fields(UsageField.TEXT, "thinking", "partial_json")
        .places(TOOL_CALLS, "tool_calls")
        .places(USAGE, "usage");
    TOOL_CALLS.places(TOOL_CALL, "");
    TOOL_CALL.places(FUNCTION, "function");
    FUNCTION.fields(UsageField.TEXT, "name", "arguments");
    MESSAGE
        .fields(UsageField.MODEL, "model")
        .fields(UsageField.TEXT, "content", "thinking")
        .places(TOOL_CALLS, "tool_calls")
        .places(USAGE, "usage");
    RESPONSE.fields(UsageField.MODEL, "model").fields(UsageField.ID, "id").places(USAGE, "usage");
    ITEM.fields(UsageField.ITEM_ID, "id");
    WRAPPER.places(USAGE, "usage", "billed_units");
    USAGE
        .fields(UsageField.MODEL, "model")
        .fields(UsageField.DEPLOYMENT, "deployment")
        .fields(UsageField.REGION, "region")
        .fields(UsageField.PROMPT, "prompt_tokens", "promptTokenCount", "promptTokens")
        .fields(UsageField.INPUT, "input_tokens", "inputTokens", "inputTokenCount")
        .fields(UsageField.OUTPUT, "completion_tokens", "output_tokens", "candidatesTokenCount")
        .fields(UsageField.OUTPUT, "completionTokens", "outputTokens", "outputTokenCount")
        .fields(UsageField.TOTAL, "total_tokens", "totalTokenCount", "totalTokens")
        .fields(UsageField.CACHED, "cached_tokens", "prompt_cache_hit_tokens")
        .fields(UsageField.CACHED, "cachedContentTokenCount")
        .fields(UsageField.CACHE_READ, "cache_read_input_tokens", "cacheReadInputTokens")
        .fields(UsageField.CACHE_READ, "cacheReadInputTokenCount")
        .fields(UsageField.CACHE_WRITE, "cache_creation_input_tokens", "cacheWriteInputTokens")
        .fields(UsageField.CACHE_WRITE, "cacheWriteInputTokenCount")
        .fields(UsageField.REASONING, "reasoning_tokens")
        .fields(UsageField.THOUGHTS, "thoughtsTokenCount")
        .fields(UsageField.TOOL_PROMPT, "toolUsePromptTokenCount")
        .fields(UsageField.COST_USD, "cost_usd")
        .fields(UsageField.COST, "total_cost")
        .either(COSTS, UsageField.COST, "cost")
        .places(INPUT_DETAILS, "prompt_tokens_details", "input_tokens_details")
        .places(INPUT_DETAILS, "input_token_details")
        .places(OUTPUT_DETAILS, "completion_tokens_details", "output_tokens_details")
        .places(OUTPUT_DETAILS, "output_token_details")
        .places(CACHE_CREATION, "cache_creation")
        .places(USAGE, "billed_units");
    INPUT_DETAILS
        .fields(UsageField.CACHED, "cached_tokens")
        .fields(UsageField.AUDIO_INPUT, "audio_tokens");
    OUTPUT_DETAILS
        .fields(UsageField.REASONING, "reasoning_tokens")
        .fields(UsageField.AUDIO_OUTPUT, "audio_tokens");
    CACHE_CREATION.fields(UsageField.LONG_CACHE_WRITE, "ephemeral_1h_input_tokens");
    COSTS.fields(UsageField.COST, "total_cost");
  }

  private UsagePath fields(UsageField field, String... names) {
    return add(null, field, names);
  }

  private UsagePath places(UsagePath place, String... names) {
    return add(place, null, names);
  }

  private UsagePath either(UsagePath place, UsageField field, String... names) {
    return add(place, field, names);
  }

  private UsagePath add(UsagePath place, UsageField field, String... names) {
    List<Target> all = new ArrayList<>(List.of(targets));
    for (String name : names) {
      all.add(new Target(name.getBytes(StandardCharsets.US_ASCII), place, field));
    }
    targets = all.toArray(new Target[0]);
    return this;
  }

  /** Returns the index of the member with the name, -1 = none that matters. */
  int find(byte[] name, int from, int length) {
    for (int i = 0; i < targets.length; i++) {
      byte[] wanted = targets[i].name;
      if (wanted.length == length && Arrays.equals(wanted, 0, length, name, from, from + length)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Returns the container that the value is, or that an array's elements are; {@code null} = none.
   */
  UsagePath place(int member) {
    return member < 0 || member >= targets.length ? null : targets[member].place;
  }

  /** Returns the scalar that the value is; {@code null} = none. */
  UsageField field(int member) {
    return member < 0 ? null : targets[member].field;
  }
}
