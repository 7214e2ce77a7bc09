package com.huntaze.rollout.judge.difference;

import com.huntaze.rollout.provider.Provider;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The users of both providers in one stage, with their sums. When there are more than its scope has
 * room for, half of them are forgotten for good, by a hash of the user that has nothing to do with
 * the split: whoever is kept is a fair sample on either side. Single-threaded.
 */
final class UserTable {
  /** The times of which 95 % must be known before any is among the slowest. */
  private static final int TIMES = 100;

  private static final double TAIL = 0.95;
  private static final int MOST_LEVEL = 62;

  /** Logarithms of milliseconds, twenty steps for each factor of e. */
  private static final int STEPS = 20;

  private final Map<Provider, Map<Long, UserSums>> users = new EnumMap<>(Provider.class);

  /** Foundry's exchanges with a figure, by trait. */
  private final long[] ofFoundry = new long[Trait.ALL.size()];

  private final int[] times = new int[STEPS * 24];
  private long timed;
  private final DifferenceScope scope;
  private int level;

  UserTable(DifferenceScope scope) {
    this.scope = scope;
    for (Provider provider : Provider.values()) {
      users.put(provider, new HashMap<>());
    }
  }

  void add(Compared exchange) {
    long user = exchange.origin().user();
    if (!isKept(user)) {
      return;
    }
    Map<Long, UserSums> side = users.get(exchange.origin().provider());
    UserSums sums = side.get(user);
    if (sums == null) {
      sums = new UserSums(exchange.origin().apiKey());
      side.put(user, sums);
    }
    List<Trait> traits = scope.traits();
    for (int i = 0; i < traits.size(); i++) {
      Trait trait = traits.get(i);
      double figure = trait.of(exchange);
      if (!Double.isNaN(figure)) {
        add(exchange, sums, trait, figure);
      }
    }
    tail(exchange, sums);
    if (size() > scope.users()) {
      level++;
      users.values().forEach(each -> each.keySet().removeIf(one -> !isKept(one)));
    }
  }

  private void add(Compared exchange, UserSums sums, Trait trait, double figure) {
    sums.add(trait, figure);
    if (exchange.origin().provider() == Provider.FOUNDRY) {
      ofFoundry[trait.ordinal()]++;
    }
  }

  /** Foundry's exchanges with a figure of it, those of forgotten users included. */
  long ofFoundry(Trait trait) {
    return ofFoundry[trait.ordinal()];
  }

  /** Whatever both providers' times are, each exchange is held against all before it. */
  private void tail(Compared exchange, UserSums sums) {
    if (exchange.latencyMillis() < 0 || !scope.traits().contains(Trait.SLOW_TAIL)) {
      return;
    }
    int step = (int) (STEPS * Math.log(1.0 + exchange.latencyMillis()));
    int at = Math.min(times.length - 1, step);
    if (timed >= TIMES) {
      add(exchange, sums, Trait.SLOW_TAIL, at > edge() ? 1 : 0);
    }
    times[at]++;
    timed++;
  }

  private int edge() {
    long below = 0;
    int at = 0;
    while (at < times.length - 1 && (below += times[at]) < TAIL * timed) {
      at++;
    }
    return at;
  }

  Map<Long, UserSums> of(Provider provider) {
    return users.get(provider);
  }

  int size() {
    // Asked after each exchange.
    return of(Provider.FOUNDRY).size() + of(Provider.LEGACY).size();
  }

  private boolean isKept(long user) {
    return isKept(user, level);
  }

  private static boolean isKept(long user, int at) {
    return (mix(user) & (1L << at) - 1) == 0;
  }

  /** Returns the state to keep; where there are too many users for it, of a fair sample of them. */
  DifferenceState state(Map<Trait, DifferenceState.Look> looks) {
    int kept = level;
    while (size(kept) > scope.kept()) {
      kept++;
    }
    Map<Provider, List<String>> texts = new EnumMap<>(Provider.class);
    for (Provider provider : Provider.values()) {
      int at = kept;
      texts.put(
          provider,
          of(provider).entrySet().stream()
              .filter(user -> isKept(user.getKey(), at))
              .map(user -> user.getValue().text(user.getKey()))
              .toList());
    }
    return new DifferenceState(
        kept,
        timed == 0 ? List.of() : Arrays.stream(times).boxed().toList(),
        Arrays.stream(ofFoundry).boxed().toList(),
        texts,
        looks);
  }

  private long size(int at) {
    return users.values().stream()
        .flatMap(each -> each.keySet().stream())
        .filter(user -> isKept(user, at))
        .count();
  }

  /**
   * Goes on where a state ended.
   *
   * @throws IllegalArgumentException when it is damaged
   */
  static UserTable of(DifferenceState state, DifferenceScope scope) {
    UserTable table = new UserTable(scope);
    table.level = Math.max(0, Math.min(MOST_LEVEL, state.level()));
    for (int i = 0; i < Math.min(table.times.length, state.times().size()); i++) {
      table.times[i] = Math.max(0, state.times().get(i));
      table.timed += table.times[i];
    }
    for (int i = 0; i < Math.min(table.ofFoundry.length, state.ofFoundry().size()); i++) {
      table.ofFoundry[i] = state.ofFoundry().get(i);
    }
    state
        .users()
        .forEach(
            (provider, texts) ->
                texts.stream()
                    .limit(scope.users())
                    .forEach(text -> UserSums.read(text, table.of(provider))));
    return table;
  }

  /** Stafford's variant 13 of the MurmurHash3 finaliser. */
  private static long mix(long value) {
    long z = (value ^ value >>> 30) * 0xbf58_476d_1ce4_e5b9L;
    z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
    return z ^ z >>> 31;
  }
}
