package com.huntaze.rollout.cost;

/**
 * The usage of an answer, in tokens.
 *
 * @param inputTokens all input, the cached included
 * @param outputTokens all output, reasoning included
 * @param cachedTokens of the input, what came from a cache
 * @param cacheWriteTokens of the input, what was written to a cache
 * @param reasoningTokens of the output, what was reasoning
 */
public record Usage(
    long inputTokens,
    long outputTokens,
    long cachedTokens,
    long cacheWriteTokens,
    long reasoningTokens) {

  public static final Usage NONE = new Usage(0, 0, 0, 0, 0);

  /** Usage without caches and reasoning. */
  public static Usage of(long inputTokens, long outputTokens) {
    return new Usage(inputTokens, outputTokens, 0, 0, 0);
  }

  /** Input and output together. */
  public long totalTokens() {
    return inputTokens + outputTokens;
  }
}
