package com.huntaze.rollout.cost;

/** The meaning of a scalar in an answer, whatever the provider calls it. */
enum UsageField {
  MODEL,
  DEPLOYMENT,
  REGION,
  /** The id of a stored answer. */
  ID,
  /** The id of an item of an answer. */
  ITEM_ID,
  /** The id of a thread, or of anything else that is not wanted. */
  THREAD_ID,
  /** Text of the answer itself: only its length is taken. */
  TEXT,
  /** Input tokens, the cached ones included: OpenAI's {@code prompt_tokens} and its like. */
  PROMPT,
  /** Input tokens; without the cached ones where those stand beside it (Anthropic, Bedrock). */
  INPUT,
  OUTPUT,
  TOTAL,
  /** Input tokens that came from a cache, counted in the input as well. */
  CACHED,
  /** Input tokens that came from a cache, as Anthropic counts them. */
  CACHE_READ,
  /** Input tokens that were written to a cache, as Anthropic counts them. */
  CACHE_WRITE,
  /** Of those, the ones that stay for an hour, and cost more. */
  LONG_CACHE_WRITE,
  /** Input tokens of audio, counted in the input as well. */
  AUDIO_INPUT,
  /** Output tokens of audio, counted in the output as well. */
  AUDIO_OUTPUT,
  /** Output tokens of reasoning, counted in the output as well. */
  REASONING,
  /** Output tokens of reasoning that the output does not count: Gemini's. */
  THOUGHTS,
  /** Input tokens of tools' results that the input does not count: Gemini's. */
  TOOL_PROMPT,
  /** USD, by the provider's own reckoning. */
  COST,
  /** The same, under the name that we give it ourselves. */
  COST_USD;

  /** Returns whether it is a count of tokens. */
  boolean isCount() {
    return compareTo(PROMPT) >= 0 && compareTo(COST) < 0;
  }
}
