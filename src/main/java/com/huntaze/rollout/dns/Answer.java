package com.huntaze.rollout.dns;

import java.util.List;

/**
 * The answer to the question for a name's addresses.
 *
 * @param addresses IP addresses as text, at least one
 * @param ttlMillis how long it holds
 * @param source who gave it, for people
 */
public record Answer(List<String> addresses, long ttlMillis, String source) {
  /** Copies the list, so that the record never changes. */
  public Answer {
    addresses = List.copyOf(addresses);
  }
}
