package com.huntaze.rollout.cluster;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.cluster.FleetWatch.Lead;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Tells people that members do not hear each other. One replica of each side tells, who judges for
 * it; all make the same occasion of it, so that it is one page. The leader tells when it is over.
 * It has no clock. Single-threaded.
 */
final class PartWatch {
  /** A leader that is killed is followed by then, and one that hangs, too. */
  static final long PARTED_MILLIS = 10_000;

  private final String subject;
  private boolean parted;
  private long since;
  private String occasion = "";
  private boolean told;

  /** A parting was seen whose end nobody is known to have told. */
  private boolean open;

  PartWatch(String cluster) {
    subject = "cluster " + cluster;
  }

  /**
   * The members as this replica knows them.
   *
   * @param judges whether it judges for others: it leads, or judges a side
   * @param heard the other members that are heard
   * @param unheard those that are not, and have not left in order
   */
  record View(
      Lead lead, boolean judges, String self, Collection<String> heard, List<String> unheard) {}

  /** Returns what people are to be told, and have not been yet; a few times a second. */
  Optional<Alert> look(View view, long nowMillis, long wallMillis) {
    boolean whole = view.unheard().isEmpty();
    since = parted ? since : nowMillis;
    parted = !whole;
    if (whole) {
      return over(view.lead(), wallMillis);
    }
    if (nowMillis - since < PARTED_MILLIS) {
      return Optional.empty();
    }
    if (!open) {
      open = true;
      occasion = occasion(view);
    }
    if (told || !view.judges()) {
      return Optional.empty();
    }
    told = true;
    return Optional.of(alert(Alert.Kind.CLUSTER_PARTED, sentence(view), wallMillis));
  }

  private Optional<Alert> over(Lead lead, long wallMillis) {
    boolean over = open && lead == Lead.SELF;
    told = false;
    // Between two leaders nobody tells: whoever comes next does.
    open &= lead == Lead.NOBODY;
    return over
        ? Optional.of(
            alert(
                Alert.Kind.CLUSTER_PARTED_OVER,
                "All replicas of the cluster are heard again, but those that have been gone for"
                    + " ten minutes.",
                wallMillis))
        : Optional.empty();
  }

  private Alert alert(Alert.Kind kind, String sentence, long wallMillis) {
    return new Alert(kind, subject, occasion, sentence, wallMillis);
  }

  /** The same on all sides: it is made of all whom they knew together. */
  private static String occasion(View view) {
    TreeSet<String> all = new TreeSet<>(view.heard());
    all.addAll(view.unheard());
    all.add(view.self());
    return "%d replicas, %s".formatted(all.size(), HexFormat.of().toHexDigits(all.hashCode()));
  }

  private static String sentence(View view) {
    int side = view.heard().size() + 1;
    String part = "%d of %d replicas".formatted(side, side + view.unheard().size());
    String others = FleetWatch.named(view.unheard());
    String more = "a rollback by itself takes more evidence meanwhile";
    return view.lead() == Lead.SELF
        ? "The cluster has parted, or replicas were killed: the leader, %s, hears %s, not %s; %s."
            .formatted(view.self(), part, others, more)
        : ("The cluster has parted: %s hear no leader, nor %s; %s judges for them. Nothing is"
                + " promoted there, and %s.")
            .formatted(part, others, view.self(), more);
  }
}
