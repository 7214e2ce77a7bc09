package com.huntaze.rollout.judge.difference;

import com.huntaze.rollout.judge.difference.Difference.Side;
import com.huntaze.rollout.judge.difference.Trait.Shape;
import com.huntaze.rollout.provider.Provider;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * Compares Foundry's users with legacy's in one stage, by every {@link Trait}: whether they differ
 * by more than chance, see {@link AssignmentTest}, and whether by more than is allowed.
 *
 * <p>A trait is looked at when Foundry has {@value #FIRST} exchanges of it, and again with each
 * quarter more. The k-th look is believed at alpha/(k·(k+1)), which sums up to alpha over however
 * many looks. What is believed at one look and not at the next is no finding any more.
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

  private final double alpha;
  private final double ratio;
  private final double margin;
  private final Map<Trait, Difference> figures = new EnumMap<>(Trait.class);
  private final Map<Trait, Looks> looks = new EnumMap<>(Trait.class);
  private UserTable table = new UserTable();
  private Map<Long, UserSums> earlierLegacy = Map.of();
  private Map<Trait, Difference> published = Map.of();
  private String epoch = "";
  private int stage = -1;
  private int turn;

  /** The looks so far, and the exchanges of Foundry's at the next. */
  private record Looks(int taken, long next) {
    static final Looks NONE = new Looks(0, FIRST);
  }

  /**
   * @param alpha the chance of a false finding of one trait in one stage
   * @param ratio how many times legacy's figure Foundry's may be
   * @param margin of shares, by how much more Foundry's may be in any case, 0..1
   */
  public DifferenceTests(double alpha, double ratio, double margin) {
    this.alpha = alpha;
    this.ratio = ratio;
    this.margin = margin;
    forget();
  }

  private void forget() {
    table = new UserTable();
    Trait.ALL.forEach(
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
    }
  }

  /** Takes the looks that are due, as far as a tick has room for them, and returns the figures. */
  public Map<Trait, Difference> tick() {
    for (int i = 0; i < LOOKS_A_TICK; i++) {
      look(Trait.ALL.get(turn));
      turn = (turn + 1) % Trait.ALL.size();
    }
    return published;
  }

  private void look(Trait trait) {
    long exchanges = table.ofFoundry(trait);
    Looks so = looks.get(trait);
    if (exchanges < so.next()) {
      return;
    }
    Map<Long, UserSums> foundry = table.of(Provider.FOUNDRY);
    Map<Long, UserSums> legacy = table.of(Provider.LEGACY);
    boolean earlier = legacy.size() < LEAST_USERS && !earlierLegacy.isEmpty();
    Map<Long, UserSums> beside = earlier ? earlierLegacy : legacy;
    Side ofFoundry = side(trait, foundry);
    Side ofLegacy = side(trait, beside);
    long next = (long) Math.ceil(GROWTH * exchanges);
    if (ofFoundry.users() < LEAST_USERS || ofLegacy.users() < LEAST_USERS) {
      // A look that shows nothing takes nothing of alpha.
      looks.put(trait, new Looks(so.taken(), next));
      put(new Difference(trait, ofFoundry, ofLegacy, earlier, 0, 0, false));
      return;
    }
    int k = so.taken() + 1;
    looks.put(trait, new Looks(k, next));
    double lnChance = lnChance(trait, means(trait, foundry), means(trait, beside));
    double lnNeeded = Math.log(alpha / k / (k + 1));
    boolean worse = lnChance <= lnNeeded && exceeds(trait, ofFoundry.figure(), ofLegacy.figure());
    put(new Difference(trait, ofFoundry, ofLegacy, earlier, lnChance, lnNeeded, worse));
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
   * Goes on where a state of the present stage ended: what was found stays found.
   *
   * @throws IllegalArgumentException when it is damaged
   */
  public void restore(DifferenceState state) {
    table = UserTable.of(state);
    state
        .looks()
        .forEach(
            (trait, each) -> {
              looks.put(trait, new Looks(each.taken(), each.next()));
              Side foundry = side(trait, table.of(Provider.FOUNDRY));
              Side legacy = side(trait, table.of(Provider.LEGACY));
              put(
                  new Difference(
                      trait,
                      foundry,
                      legacy,
                      false,
                      each.lnChance(),
                      each.lnNeeded(),
                      each.worse()));
            });
  }

  private static double lnChance(Trait trait, double[] foundry, double[] legacy) {
    double more = AssignmentTest.lnChance(foundry, legacy);
    if (trait.shape() != Shape.EITHER) {
      return more;
    }
    double fewer = AssignmentTest.lnChance(negated(foundry), negated(legacy));
    return Math.min(0, Math.min(more, fewer) + Math.log(2));
  }

  private static double[] negated(double[] figures) {
    double[] negated = new double[figures.length];
    for (int i = 0; i < figures.length; i++) {
      negated[i] = -figures[i];
    }
    return negated;
  }

  /** Tells whether a figure of Foundry's is beyond what is allowed beside legacy's. */
  private boolean exceeds(Trait trait, double foundry, double legacy) {
    return switch (trait.shape()) {
      case SHARE, TAIL -> foundry > ratio * legacy + margin;
      case MEAN -> foundry > ratio * legacy;
      case EITHER -> foundry > ratio * legacy || foundry * ratio < legacy;
    };
  }

  private static double[] means(Trait trait, Map<Long, UserSums> users) {
    return users.values().stream()
        .filter(user -> user.count(trait) > 0)
        .mapToDouble(user -> user.mean(trait))
        .toArray();
  }

  private static Side side(Trait trait, Map<Long, UserSums> all) {
    int users = 0;
    int having = 0;
    long exchanges = 0;
    double sum = 0;
    for (UserSums user : all.values()) {
      if (user.count(trait) > 0) {
        users++;
        having += user.sum(trait) > 0 ? 1 : 0;
        exchanges += user.count(trait);
        sum += user.mean(trait);
      }
    }
    double mean = users == 0 ? 0 : sum / users;
    return new Side(users, having, exchanges, trait.isShare() ? mean : Math.expm1(mean));
  }
}
