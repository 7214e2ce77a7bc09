package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.RolloutPlan;
import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.difference.ExchangeKind;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.Requester;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.outcome.Judgement;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.outcome.UnreachableCause;
import com.huntaze.rollout.provider.Provider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The sentences that people read at night, each made by the whole judge of real evidence: as they
 * stand in {@code sentences.txt} ({@code -Dsentences.rewrite=true} writes it anew, to be read), and
 * with every part that somebody on call asks for.
 */
class SentencesTest {
  private static final Path GOLDEN = Path.of("src/test/resources/sentences.txt");
  private static final String EPOCH = "1-a";
  private static final Outcome GOOD = Meaning.COMPLETE.outcome();

  /** The parts that a sentence has to have. */
  private enum Part {
    /** So many of so many. */
    COUNTS(
        "\\d+ of (the last )?\\d+|\\d+(\\.\\d+)? % of (the last )?\\d+|mean of|\\(\\d+ users\\)"),
    USERS("\\d+ users?\\b|only user there is|several users"),
    KINDS("answers \\d{3}|reset|refused|first content timeout|unreachable|status"),
    LEGACY("legacy"),
    ODDS("1 time in|often looks? like this"),
    /** Its end, or what follows. */
    NEXT(
        "rolls back at 1 in|over when \\d+|only told|it takes|waited for|for \\d+ s|\\d+ of \\d+|once"),
    SEGMENT("of them are (model|agent|route|tier)|in (model|agent|route|tier) ");

    private final Pattern shape;

    Part(String shape) {
      this.shape = Pattern.compile(shape);
    }
  }

  /** The answers of Foundry and legacy to a user. */
  private interface Answers {
    Outcome of(Provider provider, int user, int number, SplittableRandom random);
  }

  /** The usual figures of an answer, and Foundry's. */
  private record Figures(long millis, long tokens, long costNano, boolean stream) {
    static final Figures USUAL = new Figures(640, 200, 1_000_000, false);
  }

  /** A sentence's name, its parts, and the world that it is made of. */
  private record Case(String name, List<Part> parts, World world) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** A minute or more of traffic, and the decision at the first tick that has one of its kind. */
  private static final class World {
    private final SplittableRandom random = new SplittableRandom(7);
    private HealthSettings settings = Health.DEFAULTS;
    private RolloutPlan plan = Health.PLAN;
    private Answers answers = (provider, user, number, any) -> GOOD;
    private Figures foundry = Figures.USUAL;
    private BreakerFacts breaker = BreakerFacts.CLOSED;
    private int users = 300;
    private int seconds = 120;
    private int perSecond = 20;
    private int silence;
    private boolean named;
    private boolean observed = true;

    World answering(Answers by) {
      answers = by;
      return this;
    }

    World figures(Figures of) {
      foundry = of;
      return this;
    }

    World breaker(BreakerFacts facts) {
      breaker = facts;
      return this;
    }

    World users(int count) {
      users = count;
      return this;
    }

    World lasting(int count, int each) {
      seconds = count;
      perSecond = each;
      return this;
    }

    World silent(int count) {
      silence = count;
      return this;
    }

    World warming() {
      plan = new RolloutPlan(3, Health.PLAN.planned(), 300, true, Duration.ofSeconds(600));
      return this;
    }

    World namingModels() {
      named = true;
      return this;
    }

    /** The judge sees the users alone, as where no limit is over. */
    World comparedOnly() {
      observed = false;
      return this;
    }

    String sentence() {
      HealthJudge judge = new HealthJudge(settings, plan);
      ObservationCounter source = new ObservationCounter("loop-1", Thresholds.of(settings));
      RollbackController controller = new RollbackController(settings, plan);
      judge.stageBegan(EPOCH, 0, 0, 0);
      source.began(EPOCH, 0);
      RollbackDecision decision = null;
      for (int second = 1; second <= seconds + silence; second++) {
        for (int i = 0; second <= seconds && i < perSecond; i++) {
          ask(judge, source, second * perSecond + i);
        }
        long now = 1_000L * second;
        source.rows().forEach(row -> judge.take(row, now));
        decision =
            controller.checkHealth(
                judge.tick(now, second > seconds / 2 ? breaker : BreakerFacts.CLOSED));
        if (!decision.findings().isEmpty()) {
          return decision.sentence();
        }
      }
      String missing = String.join(", ", decision.promotion().missing());
      boolean waits = decision.verdict() == Verdict.HEALTHY && !missing.isEmpty();
      return decision.sentence() + (waits ? ", missing " + missing : "");
    }

    private void ask(HealthJudge judge, ObservationCounter source, int number) {
      int user = random.nextInt(users);
      Provider provider = user % 2 == 0 ? Provider.FOUNDRY : Provider.LEGACY;
      Outcome outcome = answers.of(provider, user, number, random);
      Figures of = provider == Provider.FOUNDRY ? foundry : Figures.USUAL;
      boolean failed = outcome.judge() == Judgement.ERROR;
      if (observed) {
        source
            .open(provider, EPOCH, 0, new Requester(1 + user, 0), true)
            .settle(!failed, of.millis(), of.costNano(), "gpt");
      } else {
        source.open(provider, EPOCH, 0).settle(true, 640, 1_000_000, "gpt");
      }
      ExchangeKind kind =
          named
              ? new ExchangeKind(
                  number % 25 == 0 ? "gpt-x" : "gpt-y", "chat", "POST /route", "paid")
              : new ExchangeKind(null, null, "POST /route", null);
      Compared.Origin origin = new Compared.Origin(provider, EPOCH, 0, 1 + user, 0, kind);
      judge.compare(
          outcome == GOOD
              ? new Compared(origin, GOOD, of.millis(), of.stream(), of.tokens(), of.costNano())
              : new Compared(origin, outcome, -1, of.stream(), -1, -1));
    }
  }

  private static Answers failing(double foundry, double legacy, Outcome... kinds) {
    return (provider, user, number, random) -> {
      double rate = provider == Provider.FOUNDRY ? foundry : legacy;
      return random.nextDouble() < rate ? kinds[random.nextInt(kinds.length)] : GOOD;
    };
  }

  private static Outcome status(int status) {
    return Meaning.TRANSIENT_STATUS.outcome(status);
  }

  static Stream<Case> cases() {
    List<Part> failure =
        List.of(Part.COUNTS, Part.USERS, Part.KINDS, Part.LEGACY, Part.ODDS, Part.NEXT);
    List<Part> difference = List.of(Part.COUNTS, Part.USERS, Part.LEGACY, Part.ODDS, Part.NEXT);
    List<Part> hold = List.of(Part.NEXT);
    Stream.Builder<Case> all = Stream.builder();
    Map<String, Outcome[]> kinds = new LinkedHashMap<>();
    kinds.put("500", new Outcome[] {status(500)});
    kinds.put("503 and resets", new Outcome[] {status(503), Meaning.RESET.outcome()});
    kinds.put("no first content", new Outcome[] {Meaning.FIRST_CONTENT.outcome()});
    kinds.put("refused", new Outcome[] {Outcome.unreachable(UnreachableCause.values()[0])});
    kinds.forEach(
        (name, outcomes) -> {
          for (double rate : new double[] {0.15, 0.4, 1}) {
            String title = "%.0f %% of foundry fail, %s".formatted(100 * rate, name);
            all.add(new Case(title, failure, new World().answering(failing(rate, 0, outcomes))));
          }
        });
    all.add(
        new Case(
            "30 % fail, legacy 2 %",
            failure, new World().answering(failing(0.3, 0.02, status(500)))));
    all.add(
        new Case(
            "both fail, 40 %",
            List.of(Part.COUNTS, Part.LEGACY, Part.NEXT),
            new World().answering(failing(0.4, 0.4, status(503)))));
    Map<String, Outcome> felt = new LinkedHashMap<>();
    felt.put("429", Meaning.THROTTLED.outcome());
    for (int status : new int[] {400, 401, 403, 413, 422}) {
      felt.put(Integer.toString(status), Meaning.CALLER_ERROR.outcome(status));
    }
    felt.put("404", Meaning.NOT_FOUND.outcome());
    felt.put("content filter", Meaning.CONTENT_FILTERED.outcome());
    felt.put("clients leave", Meaning.CLIENT_GONE.outcome());
    felt.put("empty", Meaning.WORDLESS.outcome());
    felt.forEach(
        (name, outcome) -> {
          for (double rate : new double[] {0.2, 0.6}) {
            all.add(
                new Case(
                    "%.0f %% of foundry's answers: %s".formatted(100 * rate, name),
                    difference,
                    new World().comparedOnly().answering(failing(rate, 0, outcome))));
          }
        });
    Map<String, Figures> figures = new LinkedHashMap<>();
    figures.put("twice as slow", new Figures(1_280, 200, 1_000_000, false));
    figures.put("half the tokens", new Figures(640, 90, 1_000_000, false));
    figures.put("twice the tokens", new Figures(640, 420, 1_000_000, false));
    figures.put("twice the cost", new Figures(640, 200, 2_100_000, false));
    figures.forEach(
        (name, of) -> all.add(new Case(name, difference, new World().comparedOnly().figures(of))));
    all.add(
        new Case(
            "all slower than the limit",
            List.of(Part.COUNTS, Part.ODDS, Part.NEXT),
            new World().figures(new Figures(7_000, 200, 1_000_000, false))));
    all.add(
        new Case(
            "dearer than the limit",
            List.of(Part.COUNTS, Part.ODDS, Part.NEXT),
            new World().figures(new Figures(640, 200, 900_000_000, false))));
    Answers sick =
        (provider, user, number, random) ->
            provider == Provider.FOUNDRY && number % 25 == 0 ? status(500) : GOOD;
    List<Part> segment =
        List.of(
            Part.COUNTS, Part.USERS, Part.KINDS, Part.LEGACY, Part.ODDS, Part.NEXT, Part.SEGMENT);
    all.add(
        new Case(
            "one model in twenty-five fails",
            segment,
            new World().comparedOnly().namingModels().lasting(240, 20).answering(sick)));
    World open = new World().answering(failing(1, 0, status(500))).lasting(2, 10);
    all.add(
        new Case(
            "open breaker, its trial failed",
            List.of(Part.USERS, Part.KINDS),
            open.breaker(new BreakerFacts(true, false, true, 4, 40, 1, 0))));
    all.add(
        new Case(
            "open breaker, among other failures",
            List.of(Part.USERS, Part.KINDS),
            new World()
                .answering(failing(1, 0, status(500)))
                .lasting(2, 10)
                .breaker(new BreakerFacts(true, false, false, 4, 40, 1, 7))));
    all.add(
        new Case(
            "open breaker, its probe is down",
            List.of(Part.USERS, Part.KINDS),
            new World()
                .answering(failing(1, 0, Meaning.RESET.outcome()))
                .lasting(2, 10)
                .breaker(new BreakerFacts(true, true, false, 3, 40, 1, 0))));
    all.add(new Case("nothing yet", hold, new World().lasting(0, 0).silent(5)));
    all.add(new Case("nothing for a while", hold, new World().lasting(10, 5).silent(700)));
    all.add(new Case("warming up", hold, new World().warming().lasting(20, 5)));
    all.add(new Case("too few", hold, new World().lasting(5, 5)));
    all.add(
        new Case(
            "over the limit in few",
            List.of(Part.COUNTS, Part.NEXT),
            new World().users(4_000).lasting(60, 12).answering(failing(0.06, 0.05, status(500)))));
    all.add(new Case("healthy, not proven", hold, new World().lasting(40, 20)));
    return all.build();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aSentenceHasItsPartsAndIsAsItStands(Case each) throws IOException {
    String sentence = each.world.sentence();
    for (Part part : each.parts) {
      assertThat(part.shape.matcher(sentence).find())
          .as("%s: %s (expected: %s)", each.name, sentence, part)
          .isTrue();
    }
    assertThat(sentence).as("no words of the inside").doesNotContain("nats", "lnE", "NaN", "null");
    if (!Boolean.getBoolean("sentences.rewrite")) {
      assertThat(Files.readAllLines(GOLDEN)).contains(line(each.name, sentence));
    }
  }

  @Test
  void thereAreFortyAndNoOthers() throws IOException {
    List<String> now = cases().map(each -> line(each.name, each.world.sentence())).toList();
    if (Boolean.getBoolean("sentences.rewrite")) {
      Files.write(GOLDEN, now);
    }
    assertThat(now)
        .hasSizeGreaterThanOrEqualTo(40)
        .containsExactlyElementsOf(Files.readAllLines(GOLDEN));
  }

  private static String line(String name, String sentence) {
    return name + " | " + sentence;
  }
}
