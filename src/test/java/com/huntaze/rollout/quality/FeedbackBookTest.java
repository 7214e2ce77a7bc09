package com.huntaze.rollout.quality;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.provider.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class FeedbackBookTest {
  private static final long HOUR = TimeUnit.HOURS.toMillis(1);
  private static final long NOW = 490_000 * HOUR + 17;

  private final FeedbackBook book = new FeedbackBook(Set.of("m"), Set.of("sales"));

  private ServedExchange served(long at, Provider provider, String model, String agent) {
    return book.served(at, provider, model, agent);
  }

  private Scores scores(Provider provider) {
    return book.scores(provider, NOW);
  }

  @Test
  void attributesAScoreToProviderModelAndAgent() {
    book.rate(served(NOW, Provider.FOUNDRY, "m", "sales"), Rating.of(1, "good"), NOW);
    book.rate(served(NOW, Provider.FOUNDRY, "x", null), Rating.of(0, "bad"), NOW);
    book.rate(served(NOW, Provider.LEGACY, "m", "sales"), Rating.of(0.5, null), NOW);

    FeedbackSummary models = book.summary(Subject.MODEL, NOW);
    assertThat(models.total().foundry().mean()).isEqualTo(0.5);
    assertThat(models.total().legacy().count()).isEqualTo(1);
    assertThat(models.rows()).containsOnlyKeys("m", "x");
    assertThat(models.rows().get("m").difference().mean()).isEqualTo(0.5);
    assertThat(models.rows().get("x").legacy().count()).isZero();
    assertThat(book.summary(Subject.AGENT, NOW).rows()).containsOnlyKeys("sales", "none");
    assertThat(book.summary(Subject.PROVIDER, NOW).rows()).containsOnlyKeys("foundry", "legacy");
    assertThat(models.labels().get(Provider.FOUNDRY)).containsEntry("good", 1L).hasSize(2);
    assertThat(models.labels()).doesNotContainKey(Provider.LEGACY);
  }

  @Test
  void theLastWordOnAnExchangeCounts() {
    ServedExchange exchange = served(NOW - 3 * HOUR, Provider.FOUNDRY, "m", null);
    book.rate(exchange, Rating.of(0.2, "bad"), NOW - 2 * HOUR);
    book.rate(exchange, Rating.of(0.9, "good"), NOW);
    book.rate(exchange, Rating.of(0.9, "good"), NOW);
    assertThat(scores(Provider.FOUNDRY)).isEqualTo(new Scores(1, 900, 810_000));
    assertThat(book.summary(Subject.MODEL, NOW).labels().get(Provider.FOUNDRY))
        .containsOnlyKeys("good")
        .containsEntry("good", 1L);
  }

  @Test
  void aDayLaterItIsForgotten() {
    ServedExchange exchange = served(NOW, Provider.FOUNDRY, "m", null);
    book.rate(exchange, Rating.of(1, "good"), NOW);
    assertThat(book.scores(Provider.FOUNDRY, NOW + 24 * HOUR).count()).isEqualTo(1);
    assertThat(book.scores(Provider.FOUNDRY, NOW + 25 * HOUR).count()).isZero();
    book.rate(exchange, Rating.of(1, "good"), NOW + 25 * HOUR);
    assertThat(book.scores(Provider.FOUNDRY, NOW + 25 * HOUR).count()).isZero();
  }

  @Test
  void aClockThatGoesBackTakesNothingOutTwice() {
    ServedExchange exchange = served(NOW, Provider.FOUNDRY, "m", null);
    book.rate(exchange, Rating.of(1, null), NOW);
    assertThat(book.scores(Provider.FOUNDRY, NOW + 30 * HOUR).count()).isZero();
    book.rate(exchange, Rating.of(0, null), NOW);
    assertThat(scores(Provider.FOUNDRY).count()).isZero();
  }

  @Test
  void whatCallersMakeUpHasAFewRowsAndTheRestIsOther() {
    for (int i = 0; i < 1_000; i++) {
      Rating rating = Rating.of(1, "label" + i);
      book.rate(served(NOW, Provider.FOUNDRY, "model" + i, "agent" + i), rating, NOW);
    }
    for (Subject subject : List.of(Subject.MODEL, Subject.AGENT)) {
      FeedbackSummary summary = book.summary(subject, NOW);
      assertThat(summary.rows()).hasSize(51).containsKey("other");
      assertThat(summary.rows().get("other").foundry().count()).isEqualTo(950);
      assertThat(summary.labels().get(Provider.FOUNDRY)).hasSize(51).containsEntry("other", 950L);
    }
    book.rate(served(NOW, Provider.FOUNDRY, "m", "sales"), Rating.of(1, null), NOW);
    assertThat(book.summary(Subject.MODEL, NOW).rows()).containsKey("m");
  }

  record Word(int exchange, int thousandths) {}

  @Provide
  Arbitrary<List<Word>> words() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 9), Arbitraries.integers().between(0, 1_000))
        .as(Word::new)
        .list()
        .ofMaxSize(80);
  }

  @Property
  void holdsTheLastWordOnEachExchangeWhateverTheOrder(@ForAll("words") List<Word> words) {
    FeedbackBook fresh = new FeedbackBook(Set.of(), Set.of());
    List<ServedExchange> exchanges = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Provider provider = i % 2 == 0 ? Provider.FOUNDRY : Provider.LEGACY;
      exchanges.add(fresh.served(NOW - i * HOUR, provider, "m" + i % 3, null));
    }
    Integer[] last = new Integer[10];
    for (Word word : words) {
      Rating rating = new Rating(word.thousandths(), null);
      fresh.rate(exchanges.get(word.exchange()), rating, NOW);
      last[word.exchange()] = word.thousandths();
    }
    Scores foundry = Scores.NONE;
    for (int i = 0; i < 10; i += 2) {
      foundry = last[i] == null ? foundry : foundry.plus(Scores.of(new Rating(last[i], null)));
    }
    assertThat(fresh.scores(Provider.FOUNDRY, NOW)).isEqualTo(foundry);
    long rows =
        fresh.summary(Subject.MODEL, NOW).rows().values().stream()
            .mapToLong(row -> row.foundry().count())
            .sum();
    assertThat(rows).isEqualTo(foundry.count());
  }
}
