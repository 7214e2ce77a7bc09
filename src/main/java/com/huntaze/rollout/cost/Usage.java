package com.huntaze.rollout.cost;

/**
 * The usage of an answer, in tokens.
 *
 * @param inputTokens all input, the cached included
 * @param outputTokens all output, reasoning included
 * @param cachedTokens of the input, what came from a cache
 * @param cacheWriteTokens of the input, what was written to a cache
 * @param reasoningTokens of the output, what was reasoning
 * @param longCacheWriteTokens of the tokens written to a cache, those that stay there for an hour
 * @param audioInputTokens of the input, what was audio, and came from no cache
 * @param audioOutputTokens of the output, what was audio
 */
public record Usage(
    long inputTokens,
    long outputTokens,
    long cachedTokens,
    long cacheWriteTokens,
    long reasoningTokens,
    long longCacheWriteTokens,
    long audioInputTokens,
    long audioOutputTokens) {

  public static final Usage NONE = of(0, 0);

  /** Usage of text alone, whose writes to a cache are of the usual kind. */
  public Usage(
      long inputTokens,
      long outputTokens,
      long cachedTokens,
      long cacheWriteTokens,
      long reasoningTokens) {
    this(inputTokens, outputTokens, cachedTokens, cacheWriteTokens, reasoningTokens, 0, 0, 0);
  }

  /** Usage without caches and reasoning. */
  public static Usage of(long inputTokens, long outputTokens) {
    return new Usage(inputTokens, outputTokens, 0, 0, 0);
  }

  /** Input and output together. */
  public long totalTokens() {
    return inputTokens + outputTokens;
  }
}
