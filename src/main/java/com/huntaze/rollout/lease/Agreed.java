package com.huntaze.rollout.lease;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * The things that voters have agreed upon so far: the same at each of them after the same entries.
 * Pure.
 *
 * <p>What is decided by a term is refused once a higher one has been claimed, wherever it was on
 * its way meanwhile.
 *
 * @param highest the largest term that was claimed, or written by anybody
 * @param claimant who has claimed it, empty = nobody
 * @param lease the latest sign of life, {@code null} = there was none
 * @param state the rollout's state, as a file of it, empty = there is none
 * @param term of the state
 * @param markers those of the newest epochs that were rolled back, by their files' names
 */
public record Agreed(
    long highest,
    String claimant,
    LeaseRecord lease,
    String state,
    long term,
    Map<String, String> markers) {

  /** The beginning. */
  public static final Agreed NOTHING = new Agreed(0, "", null, "", 0, Map.of());

  /** More than a directory keeps of them. */
  static final int MOST_MARKERS = 32;

  private static final int MOST_MARKER_CHARS = 1 << 20;
  private static final byte VERSION = 1;

  /** By the epoch's number in the name: the first is the oldest. */
  private static final Comparator<String> OLDEST_FIRST =
      Comparator.comparingLong(Agreed::number).thenComparing(Comparator.naturalOrder());

  /** Copies the map, so that the record never changes. */
  public Agreed {
    markers = Map.copyOf(markers);
  }

  /** The things agreed upon after an entry, and whether it was taken. */
  public record Step(Agreed next, boolean taken) {}

  /** An entry comes next in the log. */
  public Step apply(AgreedEntry entry) {
    if (entry instanceof AgreedEntry.Claim claim) {
      LeaseRecord first = claim.first();
      return first.term() > highest
          ? taken(new Agreed(first.term(), first.holder(), lease, state, term, markers))
          : refused();
    } else if (entry instanceof AgreedEntry.Show show) {
      return shown(show.record());
    } else if (entry instanceof AgreedEntry.Decide decide) {
      boolean holds = decide.term() == highest && !claimant.isEmpty();
      return holds
          ? taken(new Agreed(highest, claimant, lease, decide.state(), decide.term(), markers))
          : refused();
    } else if (entry instanceof AgreedEntry.Offer offer) {
      return offered(offer);
    } else if (entry instanceof AgreedEntry.Mark mark) {
      return marked(mark);
    } else if (entry instanceof AgreedEntry.Confirm confirm) {
      return confirm.term() == highest && !claimant.isEmpty() ? taken(this) : refused();
    }
    throw new AssertionError(entry);
  }

  private Step taken(Agreed next) {
    return new Step(next, true);
  }

  private Step refused() {
    return new Step(this, false);
  }

  private Step shown(LeaseRecord record) {
    boolean holds = record.term() == highest && record.holder().equals(claimant);
    boolean news = lease == null || record.isNews(lease);
    return holds && news
        ? taken(new Agreed(highest, claimant, record, state, term, markers))
        : refused();
  }

  /** An older state in the place of none, or of one that is older still; who leads begins anew. */
  private Step offered(AgreedEntry.Offer offer) {
    if (offer.term() <= term) {
      return refused();
    }
    boolean overtaken = offer.term() >= highest;
    return taken(
        new Agreed(
            Math.max(highest, offer.term()),
            overtaken ? "" : claimant,
            lease,
            offer.state(),
            offer.term(),
            markers));
  }

  private Step marked(AgreedEntry.Mark mark) {
    if (number(mark.name()) < 0 || mark.marker().length() > MOST_MARKER_CHARS) {
      return refused();
    }
    TreeMap<String, String> more = new TreeMap<>(OLDEST_FIRST);
    more.putAll(markers);
    more.putIfAbsent(mark.name(), mark.marker());
    if (more.size() > MOST_MARKERS) {
      more.pollFirstEntry();
    }
    return taken(new Agreed(highest, claimant, lease, state, term, more));
  }

  /** The epoch's number in {@code rollback-<number>-<replica>}, -1 = it is no such name. */
  private static long number(String name) {
    String[] parts = name.split("-", -1);
    boolean fits = parts.length == 3 && parts[1].matches("\\d{1,18}") && parts[2].length() <= 64;
    return fits ? Long.parseLong(parts[1]) : -1;
  }

  /** The bytes of it, in the place of all entries so far. */
  public byte[] encode() {
    byte[] record = lease == null ? new byte[0] : AgreedEntry.record(lease);
    byte[] holder = claimant.getBytes(StandardCharsets.UTF_8);
    byte[] text = state.getBytes(StandardCharsets.UTF_8);
    TreeMap<String, String> sorted = new TreeMap<>(markers);
    int size = 1 + 8 + 4 + holder.length + 1 + record.length + 8 + 4 + text.length + 4;
    for (Map.Entry<String, String> each : sorted.entrySet()) {
      size += 8 + each.getKey().getBytes(StandardCharsets.UTF_8).length;
      size += each.getValue().getBytes(StandardCharsets.UTF_8).length;
    }
    ByteBuffer out = ByteBuffer.allocate(size).put(VERSION).putLong(highest);
    put(out, holder);
    out.put((byte) (lease == null ? 0 : 1)).put(record).putLong(term);
    put(out, text);
    out.putInt(sorted.size());
    sorted.forEach(
        (name, marker) -> {
          put(out, name.getBytes(StandardCharsets.UTF_8));
          put(out, marker.getBytes(StandardCharsets.UTF_8));
        });
    return out.array();
  }

  private static void put(ByteBuffer out, byte[] bytes) {
    out.putInt(bytes.length).put(bytes);
  }

  /**
   * The things that bytes tell of.
   *
   * @throws IllegalArgumentException if they are of another version, or none of ours
   */
  public static Agreed decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      byte version = in.get();
      if (version != VERSION) {
        throw new IllegalArgumentException(
            "version %d of what is agreed upon (expected: %d)".formatted(version, VERSION));
      }
      long highest = in.getLong();
      String claimant = AgreedEntry.readText(in);
      LeaseRecord lease = in.get() == 0 ? null : AgreedEntry.readRecord(in);
      long term = in.getLong();
      String state = AgreedEntry.readText(in);
      Map<String, String> markers = new TreeMap<>();
      for (int left = Math.min(in.getInt(), MOST_MARKERS); left > 0; left--) {
        markers.put(AgreedEntry.readText(in), AgreedEntry.readText(in));
      }
      return new Agreed(highest, claimant, lease, state, term, markers);
    } catch (BufferUnderflowException cutOff) {
      throw new IllegalArgumentException(
          "%d bytes of what is agreed upon (expected: more)".formatted(bytes.length), cutOff);
    }
  }
}
