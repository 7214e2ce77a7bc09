package com.huntaze.rollout.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RotationTest {
  private static final AddressBook THREE = of("10.0.0.1", "10.0.0.2", "10.0.0.3");
  private final Rotation rotation = new Rotation(0);

  private static AddressBook of(String... literals) {
    return AddressBook.empty().asked(0).answered(List.of(literals), 30_000, 0);
  }

  @Test
  void anEmptyBookHasNoCandidates() {
    assertThat(rotation.candidates(AddressBook.empty(), 0)).isEmpty();
  }

  @Test
  void allGetTheSameShareAndEachIsFollowedByTheOthers() {
    Map<String, Long> firsts =
        IntStream.range(0, 300)
            .mapToObj(i -> rotation.candidates(THREE, i))
            .peek(order -> assertThat(order).hasSize(3).doesNotHaveDuplicates())
            .collect(Collectors.groupingBy(order -> order.get(0), Collectors.counting()));
    assertThat(firsts).hasSize(3).allSatisfy((literal, count) -> assertThat(count).isEqualTo(100));
  }

  @Test
  void oneThatFailsIsTriedOnceInTenSecondsByEachLoop() {
    AddressBook book = THREE.failed("10.0.0.2", 1_000);
    Rotation other = new Rotation(1);
    for (long now = 1_000; now < 11_000; now += 10) {
      assertThat(rotation.candidates(book, now)).hasSize(2).doesNotContain("10.0.0.2");
    }
    assertThat(rotation.candidates(book, 11_000)).hasSize(3).startsWith("10.0.0.2");
    assertThat(rotation.candidates(book, 20_999)).hasSize(2);
    assertThat(rotation.candidates(book, 21_000)).startsWith("10.0.0.2");
    assertThat(other.candidates(book, 21_000)).startsWith("10.0.0.2");
  }

  @Test
  void oneThatWorksAgainIsOneOfAll() {
    AddressBook book = THREE.failed("10.0.0.2", 1_000).connected("10.0.0.2");
    assertThat(rotation.candidates(book, 1_001)).hasSize(3);
  }

  @Test
  void twoThatFailAreTriedByTwoRequests() {
    AddressBook book = THREE.failed("10.0.0.1", 2_000).failed("10.0.0.2", 1_000);
    assertThat(rotation.candidates(book, 50_000)).containsExactly("10.0.0.2", "10.0.0.3");
    assertThat(rotation.candidates(book, 50_000)).containsExactly("10.0.0.1", "10.0.0.3");
    assertThat(rotation.candidates(book, 50_000)).containsExactly("10.0.0.3");
  }

  @Test
  void whereAllFailTheOneThatHasFailedLongestAgoComesFirst() {
    AddressBook book =
        THREE.failed("10.0.0.1", 3_000).failed("10.0.0.2", 1_000).failed("10.0.0.3", 2_000);
    assertThat(rotation.candidates(book, 3_001))
        .containsExactly("10.0.0.2", "10.0.0.3", "10.0.0.1");
  }

  @Test
  void aSingleAddressIsAlwaysTried() {
    AddressBook book = of("10.0.0.1").failed("10.0.0.1", 1_000);
    assertThat(rotation.candidates(book, 1_001)).containsExactly("10.0.0.1");
  }

  @Test
  void aSilentAddressLeavesTimeForTheOthers() {
    assertThat(Rotation.patienceMillis(1_000, 1)).isEqualTo(500);
    assertThat(Rotation.patienceMillis(1_000, 15)).isEqualTo(250);
    assertThat(Rotation.patienceMillis(60_000, 1)).isEqualTo(1_000);
    assertThat(Rotation.patienceMillis(-5, 1)).isEqualTo(250);
  }
}
