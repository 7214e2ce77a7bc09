package com.huntaze.rollout.judge.difference;

/**
 * The properties of an exchange by which traffic is parted, as clients and configuration call them;
 * {@code null} = it has none.
 *
 * @param model that is asked for; the one that answers may be another at each provider
 * @param agent whose request type it is
 * @param route its method and path, as the configuration lists it
 * @param tier of its caller
 */
public record ExchangeKind(String model, String agent, String route, String tier) {
  /** Of an exchange of which nothing is known. */
  public static final ExchangeKind UNKNOWN = new ExchangeKind(null, null, null, null);

  private static final String OTHER = "other";

  /** The same without the names that clients choose. */
  public ExchangeKind unnamed() {
    return new ExchangeKind(
        model == null ? null : OTHER, agent, route, tier == null ? null : OTHER);
  }
}
