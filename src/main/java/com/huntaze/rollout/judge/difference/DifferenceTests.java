package com.huntaze.rollout.judge.difference;

import com.huntaze.rollout.health.BaselineSettings;
import com.huntaze.rollout.judge.difference.Difference.Recovery;
import com.huntaze.rollout.judge.difference.Difference.Side;
import com.huntaze.rollout.provider.Provider;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares Foundry's users with legacy's in one stage, by every {@link Trait}: whether they differ
 * by more than chance, see {@link AssignmentTest}, and whether by more than is allowed.
 *
 * <p>A trait is looked at when Foundry has {@value #FIRST} exchanges of it, and again with each
 * quarter more. The k-th look is believed at alpha/(k·(k+1)), which sums up to alpha over however
 * many looks. A finding stands without any one user and any one API key.
 *
 * <p>No clock and no chance in it; single-threaded.
 */
public final class DifferenceTests {
  /** The users of either side without whom nothing is looked at. */
  public static final int LEAST_USERS = 8;

  private static final int FIRST = 20;
  private static final double GROWTH = 1.25;

  /** Looks that a tick may take: it must stay short. */
  private static final int LOOKS_A_TICK = 2;

  private final DifferenceScope scope;
  private final double alpha;
  private final TraitComparison comparison;
  private final Map<Trait, Difference> figures = new EnumMap<>(Trait.class);
  private final Map<Trait, Looks> looks = new EnumMap<>(Trait.class);

  /** Of what was found, Foundry's further exchanges that must be within what is allowed. */
  private final Map<Trait, Long> awaited = new EnumMap<>(Trait.class);

  private UserTable table;

  /** The users since something was found of a trait, or since it was not well last. */
  private final Map<Trait, UserTable> since = new EnumMap<>(Trait.class);

  private Map<Long, UserSums> earlierLegacy = Map.of();
  private Map<Trait, Difference> published = Map.of();
  private String epoch = "";
  private int stage = -1;
  private int turn;

  /** The looks so far, and the exchanges of Foundry's at the next. */
  private record Looks(int taken, long next) {
    static final Looks NONE = new Looks(0, FIRST);

    /** The next look at a table that begins anew; those taken are spent. */
    Looks from(long exchanges) {
      return new Looks(taken, Math.max(FIRST, exchanges));
    }
  }

  /**
   * @param scope what is compared
   * @param alpha the chance of a false finding of one trait in one stage
   * @param ratio how many times legacy's figure Foundry's may be
   * @param margin of shares, by how much more Foundry's may be in any case, 0..1
   */
  public DifferenceTests(DifferenceScope scope, double alpha, double ratio, double margin) {
    this.scope = scope;
    this.alpha = alpha;
    comparison = new TraitComparison(ratio, margin);
    forget();
  }

  /**
   * The tests of all traffic.
   *
   * @param alpha the chance of a false finding of one trait in one stage
   */
  public DifferenceTests(double alpha, BaselineSettings allowed) {
    this(DifferenceScope.WHOLE, alpha, allowed.ratio(), allowed.margin());
  }

  private void forget() {
    table = new UserTable(scope);
    since.clear();
    awaited.clear();
    scope
        .traits()
        .forEach(
            trait -> {
              figures.put(trait, Difference.none(trait));
              looks.put(trait, Looks.NONE);
            });
    published = Map.copyOf(figures);
  }

  /** A stage has begun, or the canary has come back to it: what was found before does not count. */
  public void stageBegan(String newEpoch, int newStage) {
    Map<Long, UserSums> legacy = table.of(Provider.LEGACY);
    boolean goesOn = newEpoch.equals(epoch) && legacy.size() >= LEAST_USERS;
    earlierLegacy = goesOn ? new HashMap<>(legacy) : Map.of();
    epoch = newEpoch;
    stage = newStage;
    forget();
  }

  /** An exchange has ended; one of another stage is history. */
  public void add(Compared exchange) {
    Compared.Origin origin = exchange.origin();
    boolean present = origin.stage() == stage && origin.epoch().equals(epoch);
    if (present && Trait.isCompared(exchange.outcome())) {
      table.add(exchange);
      since.values().forEach(each -> each.add(exchange));
    }
  }

  /** The figures of the last looks. */
  public Map<Trait, Difference> figures() {
    return published;
  }

  /** Takes the looks that are due, as far as a tick has room for them, and returns the figures. */
  public Map<Trait, Difference> tick() {
    scope.traits().stream().filter(trait -> looks.get(trait).taken() == 0).forEach(this::look);
    for (int i = 0; i < LOOKS_A_TICK; i++) {
      look(scope.traits().get(turn));
      turn = (turn + 1) % scope.traits().size();
    }
    List.copyOf(awaited.keySet()).forEach(this::recover);
    return published;
  }

  /** Tells whether any look has been taken in this stage. */
  public boolean isLookedAt() {
    return looks.values().stream().anyMatch(each -> each.taken() > 0);
  }

  private void look(Trait trait) {
    long exchanges = table.ofFoundry(trait);
    Looks so = looks.get(trait);
    if (exchanges < so.next() || awaited.containsKey(trait)) {
      return;
    }
    Map<Long, UserSums> foundry = table.of(Provider.FOUNDRY);
    Map<Long, UserSums> legacy = table.of(Provider.LEGACY);
    boolean earlier = legacy.size() < LEAST_USERS && !earlierLegacy.isEmpty();
    Map<Long, UserSums> beside = earlier ? earlierLegacy : legacy;
    Side ofFoundry = TraitComparison.side(trait, foundry);
    Side ofLegacy = TraitComparison.side(trait, beside);
    long next = (long) Math.ceil(GROWTH * exchanges);
    if (ofFoundry.users() < LEAST_USERS || ofLegacy.users() < LEAST_USERS) {
      // A look that shows nothing takes nothing of alpha.
      looks.put(trait, new Looks(so.taken(), next));
      put(new Difference(trait, ofFoundry, ofLegacy, earlier, 0, 0, false, Recovery.NONE));
      return;
    }
    int k = so.taken() + 1;
    looks.put(trait, new Looks(k, next));
    double lnChance = TraitComparison.lnChance(trait, foundry, beside, key -> true);
    double lnNeeded = Math.log(alpha / k / (k + 1));
    boolean differs =
        lnChance <= lnNeeded && comparison.exceeds(trait, ofFoundry.figure(), ofLegacy.figure());
    boolean worse = differs && comparison.standsWithoutAnyKey(trait, foundry, beside);
    Recovery recovery = worse ? await(trait, exchanges) : Recovery.NONE;
    boolean ofOneKey = differs && !worse;
    put(
        new Difference(
            trait, ofFoundry, ofLegacy, earlier, lnChance, lnNeeded, ofOneKey, recovery));
  }

  /** It must be well for as long as it took to be found. */
  private Recovery await(Trait trait, long exchanges) {
    awaited.put(trait, Math.max(scope.leastWell(), exchanges));
    since.put(trait, new UserTable(scope));
    return new Recovery(awaited.get(trait), 0);
  }

  /**
   * A finding ends when Foundry's further exchanges, as many as it was found in, are within what is
   * allowed; then nothing from before them counts any more.
   */
  private void recover(Trait trait) {
    Difference found = figures.get(trait);
    UserTable its = since.get(trait);
    long seen = its.ofFoundry(trait);
    if (seen == found.recovery().seen()) {
      return;
    }
    if (seen < awaited.get(trait)) {
      put(found.recovering(seen));
      return;
    }
    Map<Long, UserSums> legacy = its.of(Provider.LEGACY);
    Side foundry = TraitComparison.side(trait, its.of(Provider.FOUNDRY));
    Side beside = TraitComparison.side(trait, found.earlier() ? earlierLegacy : legacy);
    if (beside.users() > 0 && !comparison.exceeds(trait, foundry.figure(), beside.figure())) {
      awaited.remove(trait);
      since.remove(trait);
      table = its;
      looks.replaceAll((each, so) -> so.from(table.ofFoundry(each)));
      put(
          new Difference(
              trait, foundry, beside, found.earlier(), 0, found.lnNeeded(), false, Recovery.NONE));
    } else {
      since.put(trait, new UserTable(scope));
      put(found.recovering(0));
    }
  }

  private void put(Difference difference) {
    figures.put(difference.trait(), difference);
    published = Map.copyOf(figures);
  }

  /** Returns the knowledge to keep over a restart. */
  public DifferenceState state() {
    Map<Trait, DifferenceState.Look> taken = new EnumMap<>(Trait.class);
    looks.forEach(
        (trait, each) -> {
          Difference last = figures.get(trait);
          taken.put(
              trait,
              new DifferenceState.Look(
                  each.taken(), each.next(), last.lnChance(), last.lnNeeded(), last.worse()));
        });
    return table.state(taken);
  }

  /**
   * Goes on where a state of the present stage ended: what was found stays found, unless nobody of
   * legacy's is known any more, as at 100 %.
   *
   * @throws IllegalArgumentException when it is damaged
   */
  public void restore(DifferenceState state) {
    if (exchanges(state) < exchanges(state())) {
      // Of two sums that may have exchanges in common the larger one stays.
      return;
    }
    table = UserTable.of(state, scope);
    scope.traits().stream()
        .filter(state.looks()::containsKey)
        .forEach(trait -> restore(trait, state.looks().get(trait)));
  }

  private static long exchanges(DifferenceState of) {
    return of.ofFoundry().stream().mapToLong(each -> each == null ? 0 : each).sum();
  }

  private void restore(Trait trait, DifferenceState.Look last) {
    looks.put(trait, new Looks(last.taken(), last.next()));
    Side foundry = TraitComparison.side(trait, table.of(Provider.FOUNDRY));
    Side legacy = TraitComparison.side(trait, table.of(Provider.LEGACY));
    if (legacy.users() > 0) {
      // The next look was set when it was found, to so much more than had come by then.
      long foundIn = Math.min(table.ofFoundry(trait), Math.round(last.next() / GROWTH));
      Recovery recovery = last.worse() ? await(trait, foundIn) : Recovery.NONE;
      put(
          new Difference(
              trait, foundry, legacy, false, last.lnChance(), last.lnNeeded(), false, recovery));
    }
  }
}
