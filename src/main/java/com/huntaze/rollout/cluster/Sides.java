package com.huntaze.rollout.cluster;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The side of a parted fleet on which this replica is, and the share of the rollout's wealth that
 * its judge goes on with. Members that hear no leader for long are a side: the one with the least
 * name judges for all of them. A share is the members of a side by those that were known when all
 * still heard a leader; each member counts on one side only, so all shares sum to at most one.
 *
 * <p>It has no clock and sends nothing. Single-threaded.
 */
final class Sides {
  /** A new leader has come by then, also after one that hangs. */
  static final long BEGINS_MILLIS = 8_000;

  /** A judge that is not heard may count this replica for so long after the others have noticed. */
  private static final long LEAVES_MILLIS = 2_000;

  /** A judge that has not told the others what it has found by then takes it with it. */
  static final long MEETS_MILLIS = 30_000;

  private final String self;

  /**
   * The replicas that were known when a leader was heard last, this one included; empty = none ever
   * was, so that there is nothing to go on from.
   */
  private Set<String> common = Set.of();

  private long heardAt;

  /** The judge of this side; empty = the leader does. */
  private String judge = "";

  private long judgeHeardAt;

  /** True if this replica judges a side, or has not yet told what it found there. */
  private boolean judges;

  private String meets = "";
  private long meetsSince;

  Sides(String self, long nowMillis) {
    this.self = self;
    heardAt = nowMillis;
  }

  /**
   * The members as they have told of themselves.
   *
   * @param leader the replica that leads, this one or one that is heard; empty = nobody is known to
   * @param heard who judges the side of each other member that is heard; empty = the leader does
   * @param blind those of them that say they hear no leader, and could judge
   * @param missing the members that are known, and are silent or gone
   */
  record View(
      String leader, Map<String, String> heard, Set<String> blind, Collection<String> missing) {}

  /**
   * The place of this replica now.
   *
   * @param judge who judges its side; empty = the leader does
   * @param judges true if this replica judges a side
   * @param share of the rollout's wealth that this replica's judge has, where it judges for others;
   *     above 0, at most 1
   * @param meets who is to be told what this replica has found as a judge; empty = nobody
   */
  record Place(String judge, boolean judges, double share, String meets) {}

  /** Looks at the members, a few times a second. */
  Place look(View view, long nowMillis) {
    if (!view.leader().isEmpty()) {
      heardAt = nowMillis;
    }
    boolean alone = blind(nowMillis);
    boolean keeps = keepsJudge(view, nowMillis);
    if (view.leader().equals(self)) {
      // What it found for a side it finds again for all: its rows count from the checkpoint on.
      end();
    } else if (!view.leader().isEmpty()) {
      meet(view.leader(), keeps, nowMillis);
    } else if (alone && !keeps) {
      side(view, nowMillis);
    }
    if (judge.isEmpty() && !view.leader().isEmpty()) {
      remember(view);
    }
    return new Place(judge, judges, share(view), meets);
  }

  /** Returns whether no leader has been heard for long, and there is something to go on from. */
  boolean blind(long nowMillis) {
    return !common.isEmpty() && nowMillis - heardAt >= BEGINS_MILLIS;
  }

  private void remember(View view) {
    Set<String> known = new HashSet<>(view.heard().keySet());
    known.addAll(view.missing());
    known.add(self);
    common = known;
  }

  private void side(View view, long nowMillis) {
    TreeSet<String> able = new TreeSet<>(view.blind());
    able.add(self);
    String least = able.first();
    if (judges && !least.equals(self)) {
      meet(least, false, nowMillis);
      return;
    }
    judges = least.equals(self);
    judge = least;
    judgeHeardAt = nowMillis;
    meets = "";
  }

  /** A judge of a side tells first; the others wait for theirs to have done so. */
  private void meet(String other, boolean keeps, long nowMillis) {
    if (judges) {
      if (!meets.equals(other)) {
        meetsSince = meets.isEmpty() ? nowMillis : meetsSince;
        meets = other;
      }
      if (nowMillis - meetsSince >= MEETS_MILLIS) {
        end();
      }
    } else if (!keeps) {
      judge = "";
    }
  }

  /** As long as another judge may count this replica, it counts for nobody else. */
  private boolean keepsJudge(View view, long nowMillis) {
    if (judge.isEmpty() || judges) {
      return false;
    }
    String told = view.heard().get(judge);
    if (judge.equals(told)) {
      judgeHeardAt = nowMillis;
    }
    return told == null ? nowMillis - judgeHeardAt < LEAVES_MILLIS : judge.equals(told);
  }

  /** The other judge has what this one has found, or will never have it. */
  void met() {
    end();
  }

  private void end() {
    judges = false;
    judge = "";
    meets = "";
  }

  /** The part of those who are known to go by this replica's judge. */
  private double share(View view) {
    boolean leads = view.leader().equals(self);
    if (!leads && !judges) {
      return 1;
    }
    String side = leads ? "" : self;
    Set<String> known = new HashSet<>(leads ? view.heard().keySet() : common);
    if (leads) {
      known.addAll(view.missing());
    }
    known.add(self);
    long mine =
        1
            + view.heard().entrySet().stream()
                .filter(each -> each.getValue().equals(side))
                .filter(each -> known.contains(each.getKey()) && !each.getKey().equals(self))
                .count();
    return (double) mine / known.size();
  }
}
