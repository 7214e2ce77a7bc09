package com.huntaze.rollout.address;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One event loop's way through an {@link AddressBook}: each connection begins at the next address,
 * so that all get the same share, and one that fails is tried again only now and then. Confined to
 * its event loop.
 */
public final class Rotation {
  /** An address that fails is tried no more often by one event loop, while another one works. */
  public static final long MILLIS_BETWEEN_TRIALS = 10_000;

  private static final long LEAST_PATIENCE_MILLIS = 250;
  private static final long MOST_PATIENCE_MILLIS = 1_000;

  /** The last trials of this loop by failed address, milliseconds of the book's clock. */
  private final Map<String, Long> tried = new HashMap<>();

  private int turn;

  /**
   * @param chance where it begins: event loops that all began at the first address would load it in
   *     step
   */
  public Rotation(int chance) {
    turn = chance;
  }

  /**
   * Returns the addresses for one connection, in the order in which they are to be tried. Those
   * that fail are left out while another one works, but for one whose next trial is due: it comes
   * first. Where all fail, all are tried, the one that has failed longest ago first.
   *
   * @param now milliseconds of the book's clock
   */
  public List<String> candidates(AddressBook book, long now) {
    List<KnownAddress> addresses = book.addresses();
    if (addresses.size() == 1) {
      return List.of(addresses.get(0).literal());
    }
    List<KnownAddress> failed = addresses.stream().filter(KnownAddress::failed).toList();
    List<String> order = new ArrayList<>(addresses.size());
    if (failed.size() == addresses.size()) {
      failed.stream()
          .sorted(Comparator.comparingLong(KnownAddress::failedAt))
          .forEach(address -> order.add(address.literal()));
      return order;
    }
    tried
        .keySet()
        .removeIf(literal -> failed.stream().noneMatch(of -> of.literal().equals(literal)));
    failed.stream()
        .filter(address -> isDue(address, now))
        .min(Comparator.comparingLong(KnownAddress::failedAt))
        .ifPresent(
            due -> {
              tried.put(due.literal(), now);
              order.add(due.literal());
            });
    List<String> working = new ArrayList<>(addresses.size());
    for (KnownAddress address : addresses) {
      if (!address.failed()) {
        working.add(address.literal());
      }
    }
    Collections.rotate(working, -Math.floorMod(turn++, working.size()));
    order.addAll(working);
    return order;
  }

  private boolean isDue(KnownAddress failed, long now) {
    long last = Math.max(failed.failedAt(), tried.getOrDefault(failed.literal(), 0L));
    return now - last >= MILLIS_BETWEEN_TRIALS;
  }

  /**
   * Tells how long an address may be silent before the next one is tried, too: an equal part of
   * what remains, so that a silent one cannot use up the time of the others.
   *
   * @param remainingMillis what is left for the connection
   * @param left how many addresses come after this one
   */
  public static long patienceMillis(long remainingMillis, int left) {
    long part = remainingMillis / (left + 1);
    return Math.min(Math.max(part, LEAST_PATIENCE_MILLIS), MOST_PATIENCE_MILLIS);
  }
}
