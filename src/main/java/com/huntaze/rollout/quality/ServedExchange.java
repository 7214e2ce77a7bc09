package com.huntaze.rollout.quality;

import com.huntaze.rollout.provider.Provider;

/**
 * An exchange that may be rated: who served it. 32 bytes, for everything it refers to is shared.
 * Made by {@link FeedbackBook}, which also guards its rating.
 */
public final class ServedExchange {
  final int hour;
  final Provider provider;
  final String model;
  final String agent;
  Rating rating;

  ServedExchange(int hour, Provider provider, String model, String agent) {
    this.hour = hour;
    this.provider = provider;
    this.model = model;
    this.agent = agent;
  }

  public Provider provider() {
    return provider;
  }
}
