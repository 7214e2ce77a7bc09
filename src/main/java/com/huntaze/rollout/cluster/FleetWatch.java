package com.huntaze.rollout.cluster;

import com.huntaze.rollout.canary.Alert;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Tells what speaks against a promotion among the members: configurations that differ for long, and
 * rows of too many that are missing. The first is an alert, too, which is over when all are alike.
 * It has no clock. Single-threaded.
 */
final class FleetWatch {
  /** Replicas take up a changed file one after the other: that is no drift yet. */
  static final long DRIFT_MILLIS = 60_000;

  private static final int MOST_NAMED = 3;

  private final String subject;
  private boolean drifts;
  private boolean told;

  FleetWatch(String cluster) {
    subject = "cluster " + cluster;
  }

  /**
   * The news of this moment.
   *
   * @param hold why nothing is promoted; empty = nothing speaks against it
   * @param alert what people are to be told, and have not been yet
   */
  record Look(String hold, Optional<Alert> alert) {}

  /**
   * Looks at the members, a few times a second, whoever leads: who does is the one to tell.
   *
   * @param drifted those whose configuration has been another one for {@link #DRIFT_MILLIS}
   * @param missing those of whom no rows come, and since when, as words
   * @param members the members that are known, those that are gone and this one included
   */
  Look look(
      boolean leads,
      List<String> drifted,
      List<String> missing,
      int members,
      String self,
      long wallMillis) {
    String difference =
        "the configuration of replica %s differs from that of %s for over %d s"
            .formatted(named(drifted), self, DRIFT_MILLIS / 1_000);
    List<String> against = new ArrayList<>();
    if (!drifted.isEmpty()) {
      against.add(difference);
    }
    if (3 * missing.size() > members) {
      against.add(
          "the rows of %d of %d replicas are missing (%s)"
              .formatted(missing.size(), members, named(missing)));
    }
    Optional<Alert> alert =
        drift(leads, !drifted.isEmpty(), difference)
            .map(each -> Alert.of(each.kind(), subject, each.sentence(), wallMillis));
    return new Look(leads ? String.join("; ", against) : "", alert);
  }

  private record Told(Alert.Kind kind, String sentence) {}

  private Optional<Told> drift(boolean leads, boolean now, String difference) {
    boolean over = drifts && !now;
    drifts = now;
    told &= leads && now;
    if (leads && now && !told) {
      told = true;
      String sentence =
          "Configurations differ: %s; nothing is promoted meanwhile.".formatted(difference);
      return Optional.of(new Told(Alert.Kind.CONFIGURATION_DRIFT, sentence));
    }
    return over && leads
        ? Optional.of(
            new Told(
                Alert.Kind.CONFIGURATION_DRIFT_OVER,
                "All replicas have the same configuration again."))
        : Optional.empty();
  }

  private static String named(List<String> all) {
    String first = all.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
    int more = all.size() - MOST_NAMED;
    return more > 0 ? "%s and %d more".formatted(first, more) : first;
  }
}
