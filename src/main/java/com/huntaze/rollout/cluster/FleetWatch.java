package com.huntaze.rollout.cluster;

import com.huntaze.rollout.canary.Alert;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Tells what a promotion lacks of the members: configurations that differ for long, rows of too
 * many that are missing, and versions that this one does not know. The first is an alert, too,
 * which is over when all are alike. It has no clock. Single-threaded.
 */
final class FleetWatch {
  /** Replicas take up a changed file one after the other: that is no drift yet. */
  static final long DRIFT_MILLIS = 60_000;

  private static final int MOST_NAMED = 3;

  private final String subject;
  private boolean told;

  /** A drift was seen whose end nobody is known to have told. */
  private boolean open;

  FleetWatch(String cluster) {
    subject = "cluster " + cluster;
  }

  /** The one who leads, as far as this replica knows. */
  enum Lead {
    SELF,
    OTHER,
    NOBODY
  }

  /**
   * The news of this moment.
   *
   * @param hold the things that a promotion lacks; empty = none
   * @param alert what people are to be told, and have not been yet
   */
  record Look(String hold, Optional<Alert> alert) {}

  /**
   * Looks at the members, a few times a second, whoever leads: who does is the one to tell.
   *
   * @param drifted those whose configuration has been another one for {@link #DRIFT_MILLIS}
   * @param missing those of whom no rows come, and since when, as words
   * @param later those of a later version: what they tell beyond this one's is passed over
   * @param members the members that are known, those that are gone and this one included
   */
  Look look(
      Lead lead,
      List<String> drifted,
      List<String> missing,
      List<String> later,
      int members,
      String self,
      long wallMillis) {
    String difference =
        "that of replica %s differs from that of %s for over %d s"
            .formatted(named(drifted), self, DRIFT_MILLIS / 1_000);
    List<String> lacks = new ArrayList<>();
    if (!drifted.isEmpty()) {
      lacks.add("one configuration for all (%s)".formatted(difference));
    }
    if (3 * missing.size() > members) {
      lacks.add(
          "the rows of %d of %d replicas (%s)".formatted(missing.size(), members, named(missing)));
    }
    if (!later.isEmpty()) {
      lacks.add(
          "a leader that knows all versions (that of replica %s is later than this one's)"
              .formatted(named(later)));
    }
    Optional<Alert> alert =
        drift(lead, !drifted.isEmpty(), difference)
            .map(each -> Alert.of(each.kind(), subject, each.sentence(), wallMillis));
    return new Look(hold(lead, lacks), alert);
  }

  private static String hold(Lead lead, List<String> lacks) {
    return switch (lead) {
      case SELF -> String.join(", ", lacks);
      case OTHER -> "";
      case NOBODY -> "a leader (none is heard)";
    };
  }

  private record Told(Alert.Kind kind, String sentence) {}

  private Optional<Told> drift(Lead lead, boolean now, String difference) {
    boolean leads = lead == Lead.SELF;
    told &= leads && now;
    if (now) {
      open = true;
      if (!leads || told) {
        return Optional.empty();
      }
      told = true;
      String sentence =
          "Configurations differ: %s; nothing is promoted meanwhile.".formatted(difference);
      return Optional.of(new Told(Alert.Kind.CONFIGURATION_DRIFT, sentence));
    }
    boolean over = open && leads;
    // Between two leaders nobody tells: whoever comes next does.
    open &= lead == Lead.NOBODY;
    return over
        ? Optional.of(
            new Told(
                Alert.Kind.CONFIGURATION_DRIFT_OVER,
                "All replicas have the same configuration again."))
        : Optional.empty();
  }

  static String named(List<String> all) {
    String first = all.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
    int more = all.size() - MOST_NAMED;
    return more > 0 ? "%s and %d more".formatted(first, more) : first;
  }
}
