package com.huntaze.rollout.quota;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.quota.Borrowing.Question;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BorrowingTest {
  private static final List<String> OTHERS = List.of("b", "c", "d");
  private static final long ONE = SharedLimit.REQUEST;

  private final Borrowing<String> borrowing = new Borrowing<>();
  private long now = 10_000;

  /** A limit without a clock: what is taken does not come back. */
  private static final class Limit implements SharedLimit {
    private final String name;
    private final long capacity;
    private long free;
    private long asked;

    Limit(String name, long capacity, long free) {
      this.name = name;
      this.capacity = capacity;
      this.free = free;
    }

    boolean take() {
      asked++;
      return give(ONE);
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String label() {
      return name;
    }

    @Override
    public double share() {
      throw new AssertionError("not divided");
    }

    @Override
    public long perSecond() {
      return 10;
    }

    @Override
    public long atOnce() {
      return 10;
    }

    @Override
    public Rule rule() {
      return Rule.BY_NEED;
    }

    @Override
    public long asked() {
      return asked;
    }

    @Override
    public boolean lends() {
      return true;
    }

    @Override
    public long free() {
      return free;
    }

    @Override
    public long room() {
      return capacity - free;
    }

    @Override
    public boolean give(long thousandths) {
      boolean enough = free >= thousandths;
      free -= enough ? thousandths : 0;
      return enough;
    }

    @Override
    public void receive(long thousandths) {
      free = Math.min(capacity, free + thousandths);
    }

    @Override
    public void part(Part part) {
      throw new AssertionError(part);
    }
  }

  private List<Question<String>> look(Limit... limits) {
    return borrowing.look(List.of(limits), OTHERS, now);
  }

  /** Uses the limit up, so that it has been asked for. */
  private Limit used(String name) {
    Limit limit = new Limit(name, 3 * ONE, ONE + 200);
    assertThat(look(limit)).isEmpty();
    assertThat(limit.take()).isTrue();
    return limit;
  }

  private Optional<Question<String>> lent(String from, String name, long count) {
    return borrowing.lent(from, name, count, OTHERS, now);
  }

  @Test
  void whoHasUsedItsPartAsksOneForWhatIsMissing() {
    Limit limit = used("web");
    assertThat(look(limit)).containsExactly(new Question<>("b", "web", 800, 2_800));
    // One question at a time.
    assertThat(look(limit)).isEmpty();
    assertThat(lent("b", "web", 1_800)).isEmpty();
    assertThat(limit.free()).isEqualTo(2_000);
    assertThat(look(limit)).isEmpty();
    limit.take();
    limit.take();
    // Whoever has lent last is asked again.
    assertThat(look(limit)).extracting(Question::to).containsExactly("b");
  }

  @Test
  void whoHasNothingIsFollowedByTheNextUntilAllHaveNothing() {
    Limit limit = used("web");
    assertThat(look(limit)).extracting(Question::to).containsExactly("b");
    assertThat(lent("b", "web", 0)).map(Question::to).contains("c");
    assertThat(lent("c", "web", 0)).map(Question::to).contains("d");
    assertThat(lent("d", "web", 0)).isEmpty();
    now += Borrowing.PAUSE_MILLIS - 1;
    assertThat(look(limit)).isEmpty();
    now++;
    assertThat(look(limit)).hasSize(1);
  }

  @Test
  void manyAreNotAskedAllInARow() {
    List<String> crowd = IntStream.range(0, 99).mapToObj(i -> "r" + i).toList();
    Limit limit = used("web");
    Optional<Question<String>> next = borrowing.look(List.of(limit), crowd, now).stream().findAny();
    int questions = 0;
    while (next.isPresent()) {
      questions++;
      next = borrowing.lent(next.get().to(), "web", 0, crowd, now);
    }
    assertThat(questions).isEqualTo(Borrowing.IN_A_ROW);
  }

  @Test
  void anAnswerThatNobodyWaitsForIsNotTaken() {
    Limit limit = used("web");
    assertThat(lent("b", "web", 500)).isEmpty();
    assertThat(look(limit)).hasSize(1);
    assertThat(lent("c", "web", 500)).isEmpty();
    assertThat(lent("b", "other", 500)).isEmpty();
    assertThat(limit.free()).isEqualTo(200);
    now += Borrowing.PATIENCE_MILLIS;
    assertThat(look(limit)).extracting(Question::to).containsExactly("c");
    // It comes at last, and once only.
    lent("b", "web", 900);
    assertThat(limit.free()).isEqualTo(200);
    lent("c", "web", 900);
    lent("c", "web", 900);
    assertThat(limit.free()).isEqualTo(1_100);
  }

  @Test
  void whatNobodyAsksForBorrowsNothing() {
    Limit limit = used("web");
    now += Borrowing.IDLE_MILLIS - 1;
    limit.take();
    assertThat(look(limit)).hasSize(1);
    lent("b", "web", 0);
    lent("c", "web", 0);
    lent("d", "web", 0);
    now += Borrowing.IDLE_MILLIS;
    assertThat(look(limit)).isEmpty();
    // Nor does one whose part cannot hold a request.
    Limit small = new Limit("small", 900, 0);
    look(small);
    small.take();
    assertThat(look(small)).isEmpty();
  }

  @Test
  void theQuestionsOfALookAreBounded() {
    Limit[] limits =
        IntStream.range(0, 200)
            .mapToObj(i -> new Limit("limit-" + i, 3 * ONE, 0))
            .toArray(Limit[]::new);
    look(limits);
    for (Limit each : limits) {
      each.take();
    }
    Set<String> named = new HashSet<>();
    for (int looks = 0; looks < 14; looks++) {
      List<Question<String>> questions = look(limits);
      assertThat(questions).hasSizeLessThanOrEqualTo(Borrowing.MOST_QUESTIONS);
      questions.forEach(each -> named.add(each.name()));
    }
    // Each has its turn.
    assertThat(named).hasSize(200);
  }

  /** Nobody has anything: the questions that follow on a refusal have no room of their own. */
  @Test
  void refusalsOfManyLimitsBringNoFloodAbout() {
    Limit[] limits =
        IntStream.range(0, 40)
            .mapToObj(i -> new Limit("limit-" + i, 3 * ONE, 0))
            .toArray(Limit[]::new);
    look(limits);
    for (Limit each : limits) {
      each.take();
    }
    int questions = 0;
    for (int looks = 0; looks < 20; looks++) {
      Deque<Question<String>> waiting = new ArrayDeque<>(look(limits));
      while (!waiting.isEmpty()) {
        Question<String> each = waiting.removeFirst();
        questions++;
        lent(each.to(), each.name(), 0).ifPresent(waiting::addLast);
      }
      now += 50;
    }
    assertThat(questions).isBetween(40, 20 * Borrowing.MOST_QUESTIONS);
  }

  @ParameterizedTest
  @CsvSource({
    // free, need, room, lent
    "0, 800, 3000, 0",
    "1799, 800, 3000, 0",
    "1800, 800, 3000, 800",
    "3000, 800, 3000, 1400",
    "9000, 800, 3000, 3000",
    "9000, 0, 3000, 0",
    "9000, 1000, 0, 0",
    "9000, 1000, 900, 0",
  })
  void aLenderKeepsItsNextRequestAndHalfOfTheRest(long free, long need, long room, long lent) {
    Limit limit = new Limit("web", 10_000, free);
    assertThat(Borrowing.lend(List.of(limit), "web", need, room)).isEqualTo(lent);
    assertThat(limit.free()).isEqualTo(free - lent);
    assertThat(Borrowing.lend(List.of(limit), "unknown", need, room)).isZero();
  }

  /** Questions and answers come late, twice or never: what all have together never grows. */
  @Property(tries = 300)
  void nothingComesOutOfNowhere(@ForAll long seed) {
    Random random = new Random(seed);
    List<Limit> limits = new ArrayList<>();
    List<Borrowing<Integer>> desks = new ArrayList<>();
    long left = 0;
    for (int i = 0; i < 4; i++) {
      Limit limit = new Limit("web", 5 * ONE, random.nextInt(5_001));
      left += limit.free();
      limits.add(limit);
      desks.add(new Borrowing<>());
    }
    for (int step = 0; step < 400; step++) {
      int one = random.nextInt(4);
      List<Integer> others = IntStream.range(0, 4).filter(i -> i != one).boxed().toList();
      left -= random.nextBoolean() && limits.get(one).take() ? ONE : 0;
      List<Question<Integer>> questions =
          desks.get(one).look(List.of(limits.get(one)), others, now);
      for (Question<Integer> question : questions) {
        long lent =
            random.nextInt(4) == 0
                ? 0
                : Borrowing.lend(
                    List.of(limits.get(question.to())), "web", question.need(), question.room());
        for (int times = random.nextInt(3); times > 0; times--) {
          desks.get(one).lent(question.to(), "web", lent, others, now);
        }
      }
      now += random.nextInt(200);
      assertThat(limits.stream().mapToLong(Limit::free).sum()).isLessThanOrEqualTo(left);
    }
  }
}
