package com.huntaze.rollout.cost;

import java.util.OptionalLong;

/**
 * The consumption of an attempt, as far as its answer told it.
 *
 * @param model the model that answered, {@code null} = not known
 * @param usage what the answer told, {@code null} = nothing
 * @param reportedNano the cost by the provider's own reckoning, nano-USD
 * @param whole whether the answer came whole: then what it told is all
 * @param unreportedText bytes of generated text after the usage that it told last
 * @param requestBytes bytes of the request's body, 0 = not known
 */
public record Consumption(
    String model,
    Usage usage,
    OptionalLong reportedNano,
    boolean whole,
    long unreportedText,
    long requestBytes) {
  /** OpenAI's rule of thumb for English text. */
  private static final int BYTES_PER_TOKEN = 4;

  /** A larger body is mostly images and files, whose tokens do not follow from their bytes. */
  private static final long MOST_PROMPT_BYTES = 65_536;

  /** Returns the usage, by estimate where the answer broke off; {@code null} = not known. */
  public Usage used() {
    if (whole || unreportedText == 0) {
      return usage;
    }
    Usage told = usage == null ? Usage.of(promptTokens(), 0) : usage;
    return new Usage(
        told.inputTokens(),
        told.outputTokens() + tokens(unreportedText),
        told.cachedTokens(),
        told.cacheWriteTokens(),
        told.reasoningTokens(),
        told.longCacheWriteTokens(),
        told.audioInputTokens(),
        told.audioOutputTokens());
  }

  private long promptTokens() {
    return requestBytes > MOST_PROMPT_BYTES ? 0 : tokens(requestBytes);
  }

  private static long tokens(long bytes) {
    return (bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
  }

  /**
   * Its cost. One that the provider told wins over the price book; an answer that broke off is
   * estimated by what was seen of it.
   *
   * @param atMillis when the request began, wall clock: prices change
   */
  public Cost cost(PriceBook prices, long atMillis) {
    CostKind kind = whole ? CostKind.EXACT : CostKind.ESTIMATED;
    if (reportedNano.isPresent()) {
      return new Cost(reportedNano.getAsLong(), kind);
    }
    Usage used = used();
    Price price = used == null ? null : prices.at(model, atMillis);
    OptionalLong nano = price == null ? OptionalLong.empty() : price.of(used);
    return nano.isPresent() ? new Cost(nano.getAsLong(), kind) : Cost.UNKNOWN;
  }
}
