package com.huntaze.rollout.quota;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The parts of this process in the limits of the fleet. Each replica tells all others what is asked
 * of it, and each divides by what all have told, so that all divide alike and the parts are the
 * limit together, but for the moment that a word takes. It has no clock: it is called four times a
 * second. Single-threaded.
 *
 * @param <M> the address of another replica
 */
public final class FleetQuota<M> {
  /** Limits whose demand is told; of the others each replica has an equal part. */
  public static final int MOST = 128;

  private static final int SECOND = 4;

  private final String replica;
  private final Map<String, DemandMeter> meters = new HashMap<>();
  private final Map<String, Deque<Part>> latest = new HashMap<>();
  private final LastCount count = new LastCount();
  private final Map<M, Demands> others = new LinkedHashMap<>();
  private final Set<M> greeted = new HashSet<>();
  private Demands own;
  private List<Demands> inForce;
  private int sinceTold = SECOND;
  private boolean newcomers;

  /**
   * A replica's demands.
   *
   * @param replica its name
   * @param of the limits by their names
   */
  public record Demands(String replica, Map<String, Demand> of) {
    /** Copies. */
    public Demands {
      of = Map.copyOf(of);
    }

    private Demand of(String name) {
      return of.getOrDefault(name, Demand.NONE);
    }
  }

  public FleetQuota(String replica) {
    this.replica = replica;
    own = new Demands(replica, Map.of());
    inForce = List.of(own);
  }

  /** Another replica, which is there, has told its demands. */
  public void told(M by, Demands demands) {
    others.put(by, demands);
  }

  /**
   * A quarter of a second has passed: each limit gets its part.
   *
   * @param seen the other replicas that are there
   * @param leftInOrder how many have left in order since the call before
   * @return this replica's demands, if it is time to tell them
   */
  public Optional<Demands> tick(
      SharedLimits limits, Collection<M> seen, int leftInOrder, long nowMillis) {
    members(seen);
    List<SharedLimit> all = limits.all();
    Demands now = measure(all);
    boolean tells = isTime(now);
    if (tells) {
      own = now;
      sinceTold = 0;
      newcomers = false;
    }
    if (count.isSure(others.size() + 1, leftInOrder, nowMillis)) {
      inForce = new ArrayList<>(others.values());
      inForce.add(0, own);
    }
    divide(all);
    limits.replicas(inForce.size());
    return tells && !others.isEmpty() ? Optional.of(own) : Optional.empty();
  }

  private void members(Collection<M> seen) {
    others.keySet().retainAll(seen);
    seen.forEach(each -> others.putIfAbsent(each, new Demands("", Map.of())));
    greeted.retainAll(seen);
    newcomers |= greeted.addAll(seen);
  }

  private Demands measure(List<SharedLimit> all) {
    Map<String, Demand> wanted = new HashMap<>();
    for (SharedLimit limit : all) {
      String name = limit.name();
      boolean elsewhere = isWantedElsewhere(name);
      Demand demand =
          meters.computeIfAbsent(name, unknown -> new DemandMeter()).tick(limit.asked(), elsewhere);
      if (demand.most() > 0) {
        wanted.put(name, demand);
      }
    }
    if (meters.size() > all.size()) {
      List<String> names = all.stream().map(SharedLimit::name).toList();
      meters.keySet().retainAll(names);
      latest.keySet().retainAll(names);
    }
    return new Demands(replica, wanted.size() <= MOST ? wanted : most(wanted));
  }

  private boolean isWantedElsewhere(String name) {
    for (Demands each : others.values()) {
      if (each.of(name).most() > 0) {
        return true;
      }
    }
    return false;
  }

  private static Map<String, Demand> most(Map<String, Demand> wanted) {
    return wanted.entrySet().stream()
        .sorted(
            Comparator.comparingLong((Map.Entry<String, Demand> each) -> -each.getValue().most()))
        .limit(MOST)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Once a second, and at once where a demand begins or doubles, or somebody has come. */
  private boolean isTime(Demands now) {
    sinceTold++;
    boolean any = !own.of().isEmpty() || !now.of().isEmpty();
    return newcomers
        || any && sinceTold >= SECOND
        || now.of().entrySet().stream()
            .anyMatch(each -> each.getValue().isMoreThanTwice(own.of(each.getKey())));
  }

  private void divide(List<SharedLimit> all) {
    List<String> names = inForce.stream().map(Demands::replica).toList();
    Demand[] demands = new Demand[names.size()];
    for (SharedLimit limit : all) {
      String name = limit.name();
      Arrays.setAll(demands, i -> inForce.get(i).of(name));
      limit.part(risesLater(limit, new Division(limit, demands, names).of(0)));
    }
  }

  /**
   * A part that grows does so when the others have heard of it, and have given it up. What is
   * counted by the second may have been used by them until a second ago.
   */
  private Part risesLater(SharedLimit limit, Part now) {
    Deque<Part> parts = latest.computeIfAbsent(limit.name(), unknown -> new ArrayDeque<>());
    parts.addLast(now);
    if (parts.size() > (limit.rule() == SharedLimit.Rule.BY_TRAFFIC ? SECOND + 1 : 2)) {
      parts.removeFirst();
    }
    return parts.stream().reduce(now, Part::smaller);
  }
}
