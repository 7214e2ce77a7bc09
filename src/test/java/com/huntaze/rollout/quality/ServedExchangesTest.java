package com.huntaze.rollout.quality;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.provider.Provider;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ServedExchangesTest {
  private static final long DAY = TimeUnit.DAYS.toMillis(1);
  private static final long NOW = 20_000 * DAY;

  private final FeedbackBook book = new FeedbackBook(Set.of("m"), Set.of("a"));

  /** An exchange as one list knows it, the newest first. */
  private record Known(String keyId, String id, String model, Provider provider) {}

  private ServedExchange served(String model, Provider provider) {
    return book.served(NOW, provider, model, "a");
  }

  /** Against a list that is searched from its end: what is found is the newest of an id. */
  @Property(tries = 200)
  void theNewestOfEachIdIsFoundWhileItIsAmongTheLast(
      @ForAll @IntRange(min = 1, max = 300) int most,
      @ForAll @Size(max = 400) List<@IntRange(min = 0, max = 60) Integer> numbers) {
    ServedExchanges exchanges = new ServedExchanges(most, 1, 2);
    Deque<Known> last = new ArrayDeque<>();
    for (int i = 0; i < numbers.size(); i++) {
      int number = numbers.get(i);
      Provider provider = i % 2 == 0 ? Provider.FOUNDRY : Provider.LEGACY;
      // Ids of another key, of none, and some that are not there twice.
      Known known =
          new Known(
              number % 3 == 0 ? null : "key" + number % 3,
              number % 5 == 0 ? "only-" + i : "id" + number,
              "model" + i % 7,
              provider);
      last.addFirst(known);
      if (last.size() > most) {
        last.removeLast();
      }
      exchanges.put(known.keyId(), known.id(), served(known.model(), provider), NOW);
    }
    for (Known known : last) {
      Known newest =
          last.stream()
              .filter(each -> each.id().equals(known.id()))
              .filter(each -> Objects.equals(each.keyId(), known.keyId()))
              .findFirst()
              .orElseThrow();
      ServedExchange found = exchanges.find(known.keyId(), known.id(), NOW);
      assertThat(found.model).isEqualTo(newest.model());
      assertThat(found.provider()).isEqualTo(newest.provider());
      assertThat(found.agent).isEqualTo("a");
      assertThat(exchanges.find("another", known.id(), NOW)).isNull();
    }
  }

  @Test
  void whatIsOlderThanTheLastIsForgotten() {
    ServedExchanges exchanges = new ServedExchanges(5_000, 3, 4);
    for (int i = 0; i < 20_000; i++) {
      exchanges.put(null, "id" + i, served("m", Provider.FOUNDRY), NOW);
    }
    for (int i = 0; i < 20_000; i++) {
      boolean found = exchanges.find(null, "id" + i, NOW) != null;
      assertThat(found).as("id%d", i).isEqualTo(i >= 15_000);
    }
  }

  @Test
  void anExchangeMayBeRatedForADay() {
    ServedExchanges exchanges = new ServedExchanges(10, 5, 6);
    assertThat(exchanges.find(null, "id", NOW)).isNull();
    exchanges.put(null, "id", served("m", Provider.FOUNDRY), NOW);
    assertThat(exchanges.find(null, "id", NOW + DAY)).isNotNull();
    assertThat(exchanges.find(null, "id", NOW + DAY + TimeUnit.MINUTES.toMillis(1))).isNull();
  }

  /** A later judgement takes the place of the first, until the exchange is forgotten. */
  @Test
  void theSameIsFoundEachTime() {
    ServedExchanges exchanges = new ServedExchanges(2, 7, 8);
    exchanges.put(null, "a", served("m", Provider.FOUNDRY), NOW);
    ServedExchange found = exchanges.find(null, "a", NOW);
    assertThat(exchanges.find(null, "a", NOW)).isSameAs(found);
    book.rate(found, new Rating(1_000, null), NOW);
    book.rate(exchanges.find(null, "a", NOW), new Rating(0, null), NOW);
    assertThat(book.scores(Provider.FOUNDRY, NOW).count()).isEqualTo(1);
    exchanges.put(null, "b", served("m", Provider.LEGACY), NOW);
    exchanges.put(null, "c", served("m", Provider.LEGACY), NOW);
    assertThat(exchanges.find(null, "a", NOW)).isNull();
    assertThat(exchanges.find(null, "c", NOW).provider()).isEqualTo(Provider.LEGACY);
  }

  /** However long the ids are that clients choose. */
  @Test
  void aHundredThousandTakeFourMegabytes() throws IllegalAccessException {
    int most = 100_000;
    ServedExchanges exchanges = new ServedExchanges(most, 9, 10);
    String tail = "x".repeat(120);
    for (int i = 0; i < 2 * most; i++) {
      exchanges.put("key", i + tail, served("m", Provider.FOUNDRY), NOW);
    }
    long bytes = 0;
    for (Field field : ServedExchanges.class.getDeclaredFields()) {
      if (field.getType().isArray()) {
        field.setAccessible(true);
        Object array = field.get(exchanges);
        bytes += (long) Array.getLength(array) * (array instanceof long[] ? 8 : 4);
      } else if (Collection.class.isAssignableFrom(field.getType())) {
        field.setAccessible(true);
        assertThat((Collection<?>) field.get(exchanges)).hasSizeLessThan(100);
      }
    }
    assertThat(bytes).isBetween(3_000_000L, (long) most * ServedExchanges.BYTES);
  }
}
