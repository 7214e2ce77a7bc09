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
enum Place {
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
  /** The container that some providers put the usage in. */
  WRAPPER,
  USAGE,
  INPUT_DETAILS,
  OUTPUT_DETAILS,
  /** A cost that is told in parts. */
  COSTS;

  private Target[] targets = {};

  /** Returns whether it is an array. */
  boolean isArray() {
    return this == CHOICES || this == TOOL_CALLS;
  }

  /** A member's name, and what its value is: a container, a scalar, or either. */
  private record Target(byte[] name, Place place, Field field) {}

  static {
    ROOT.fields(Field.MODEL, "model", "modelVersion")
        .fields(Field.DEPLOYMENT, "deployment")
        .fields(Field.REGION, "region")
        .fields(Field.TEXT, "output", "thinking")
        .fields(Field.PROMPT, "prompt_eval_count")
        .fields(Field.OUTPUT, "eval_count")
        .places(CHOICES, "choices")
        .places(USAGE, "usage", "usageMetadata", "amazon-bedrock-invocationMetrics")
        .places(MESSAGE, "message")
        .places(WRAPPER, "x_groq", "meta")
        .either(RESPONSE, Field.TEXT, "response")
        .either(DELTA, Field.TEXT, "delta");
    CHOICES.places(CHOICE, "");
    CHOICE.fields(Field.TEXT, "text").places(DELTA, "delta", "message").places(USAGE, "usage");
    DELTA
        .fields(Field.TEXT, "content", "text", "reasoning_content", "refusal")
        .fields(Field.TEXT, "thinking", "partial_json")
        .places(TOOL_CALLS, "tool_calls")
        .places(USAGE, "usage");
    TOOL_CALLS.places(TOOL_CALL, "");
    TOOL_CALL.places(FUNCTION, "function");
    FUNCTION.fields(Field.TEXT, "name", "arguments");
    MESSAGE
        .fields(Field.MODEL, "model")
        .fields(Field.TEXT, "content", "thinking")
        .places(TOOL_CALLS, "tool_calls")
        .places(USAGE, "usage");
    RESPONSE.fields(Field.MODEL, "model").fields(Field.ID, "id").places(USAGE, "usage");
    WRAPPER.places(USAGE, "usage", "billed_units");
    USAGE
        .fields(Field.MODEL, "model")
        .fields(Field.DEPLOYMENT, "deployment")
        .fields(Field.REGION, "region")
        .fields(Field.PROMPT, "prompt_tokens", "promptTokenCount", "promptTokens")
        .fields(Field.INPUT, "input_tokens", "inputTokens", "inputTokenCount")
        .fields(Field.OUTPUT, "completion_tokens", "output_tokens", "candidatesTokenCount")
        .fields(Field.OUTPUT, "completionTokens", "outputTokens", "outputTokenCount")
        .fields(Field.TOTAL, "total_tokens", "totalTokenCount", "totalTokens")
        .fields(Field.CACHED, "cached_tokens", "prompt_cache_hit_tokens")
        .fields(Field.CACHED, "cachedContentTokenCount")
        .fields(Field.CACHE_READ, "cache_read_input_tokens", "cacheReadInputTokens")
        .fields(Field.CACHE_READ, "cacheReadInputTokenCount")
        .fields(Field.CACHE_WRITE, "cache_creation_input_tokens", "cacheWriteInputTokens")
        .fields(Field.CACHE_WRITE, "cacheWriteInputTokenCount")
        .fields(Field.REASONING, "reasoning_tokens")
        .fields(Field.THOUGHTS, "thoughtsTokenCount")
        .fields(Field.COST_USD, "cost_usd")
        .fields(Field.COST, "total_cost")
        .either(COSTS, Field.COST, "cost")
        .places(INPUT_DETAILS, "prompt_tokens_details", "input_tokens_details")
        .places(OUTPUT_DETAILS, "completion_tokens_details", "output_tokens_details")
        .places(USAGE, "billed_units");
    INPUT_DETAILS.fields(Field.CACHED, "cached_tokens");
    OUTPUT_DETAILS.fields(Field.REASONING, "reasoning_tokens");
    COSTS.fields(Field.COST, "total_cost");
  }

  private Place fields(Field field, String... names) {
    return add(null, field, names);
  }

  private Place places(Place place, String... names) {
    return add(place, null, names);
  }

  private Place either(Place place, Field field, String... names) {
    return add(place, field, names);
  }

  private Place add(Place place, Field field, String... names) {
    List<Target> all = new ArrayList<>(List.of(targets));
    for (String name : names) {
      all.add(new Target(name.getBytes(StandardCharsets.US_ASCII), place, field));
    }
    targets = all.toArray(new Target[0]);
    return this;
  }

  /** Returns the index of the member with the name, -1 = none that matters. */
  int find(byte[] name, int length) {
    for (int i = 0; i < targets.length; i++) {
      byte[] wanted = targets[i].name;
      if (wanted.length == length && Arrays.equals(wanted, 0, length, name, 0, length)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Returns the container that the value is, or that an array's elements are; {@code null} = none.
   */
  Place place(int member) {
    return member < 0 || member >= targets.length ? null : targets[member].place;
  }

  /** Returns the scalar that the value is; {@code null} = none. */
  Field field(int member) {
    return member < 0 ? null : targets[member].field;
  }
}
