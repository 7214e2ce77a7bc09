package com.huntaze.rollout.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AddressBookTest {
  private static final long TTL = 30_000;

  private static AddressBook of(String... literals) {
    return AddressBook.empty().asked(0).answered(List.of(literals), TTL, 0);
  }

  private static List<String> literals(AddressBook book) {
    return book.addresses().stream().map(KnownAddress::literal).toList();
  }

  @Test
  void anEmptyBookIsAskedForAtOnceAndOnlyOnce() {
    assertThat(AddressBook.empty().askAt()).isZero();
    assertThat(AddressBook.empty().asked(7).askAt()).isEqualTo(AddressBook.NEVER);
  }

  @Test
  void anAnswerHoldsForItsTtl() {
    assertThat(of("10.0.0.1").askAt()).isEqualTo(TTL);
  }

  @Test
  void noTtlMeansOnceASecondAndALongOneAnHour() {
    AddressBook asked = AddressBook.empty().asked(500);
    assertThat(asked.answered(List.of("10.0.0.1"), 0, 600).askAt()).isEqualTo(1_500);
    assertThat(asked.answered(List.of("10.0.0.1"), -5, 600).askAt()).isEqualTo(1_500);
    assertThat(asked.answered(List.of("10.0.0.1"), Long.MAX_VALUE, 600).askAt())
        .isEqualTo(600 + 3_600_000);
  }

  @Test
  void whenAllFailItIsAskedAgainAtOnceButOnceASecond() {
    AddressBook book = of("10.0.0.1", "10.0.0.2").failed("10.0.0.1", 5_000);
    assertThat(book.askAt()).isEqualTo(TTL);
    book = book.failed("10.0.0.2", 5_000);
    assertThat(book.askAt()).isEqualTo(1_000);
    book = book.asked(5_000).unanswered();
    assertThat(book.askAt()).isEqualTo(6_000);
    assertThat(book.connected("10.0.0.2").askAt()).isEqualTo(TTL);
  }

  @Test
  void aNameServerThatFailsKeepsTheLastAnswer() {
    AddressBook book = of("10.0.0.1");
    for (long now = TTL; now < 10 * TTL; now += 1_000) {
      book = book.asked(now).unanswered();
      assertThat(book.askAt()).isEqualTo(now + 1_000);
    }
    assertThat(literals(book)).containsExactly("10.0.0.1");
  }

  @Test
  void anAnswerWithoutAddressesKeepsTheLastAnswer() {
    assertThat(literals(of("10.0.0.1").asked(TTL).answered(List.of(), TTL, TTL)))
        .containsExactly("10.0.0.1");
  }

  @Test
  void anAddressIsGivenUpAfterThreeAnswersWithoutIt() {
    AddressBook book = of("10.0.0.1");
    for (int i = 1; i <= 2; i++) {
      book = book.asked(i * TTL).answered(List.of("10.0.0.2"), TTL, i * TTL);
      assertThat(literals(book)).containsExactly("10.0.0.1", "10.0.0.2");
    }
    book = book.asked(3 * TTL).answered(List.of("10.0.0.2"), TTL, 3 * TTL);
    assertThat(literals(book)).containsExactly("10.0.0.2");
  }

  @Test
  void anAddressThatComesBackIsCountedAnew() {
    AddressBook book = of("10.0.0.1");
    for (int i = 0; i < 9; i++) {
      String told = i % 3 == 2 ? "10.0.0.1" : "10.0.0.2";
      book = book.answered(List.of(told), TTL, i);
      assertThat(literals(book)).contains("10.0.0.1");
    }
  }

  @Test
  void anAnswerDoesNotMakeAFailedAddressGood() {
    AddressBook book = of("10.0.0.1").failed("10.0.0.1", 9);
    book = book.asked(1_000).answered(List.of("10.0.0.1"), TTL, 1_000);
    assertThat(book.addresses()).containsExactly(new KnownAddress("10.0.0.1", 0, 9));
  }

  @Test
  void aThousandAddressesAreSixteen() {
    List<String> many = IntStream.range(0, 1_000).mapToObj(i -> "10.0.0." + i).toList();
    AddressBook book = of("10.9.9.9").answered(many, TTL, 0);
    assertThat(literals(book)).isEqualTo(many.subList(0, 16));
    assertThat(literals(book.answered(List.of("10.9.9.9"), TTL, 0))).hasSize(16);
  }

  @Test
  void thereIsHopeAgainWhenAllHaveFailedAndOneIsNew() {
    AddressBook failed = of("10.0.0.1").failed("10.0.0.1", 5);
    assertThat(failed.answered(List.of("10.0.0.1"), TTL, 9).hasMovedSince(failed)).isFalse();
    assertThat(failed.answered(List.of("10.0.0.2"), TTL, 9).hasMovedSince(failed)).isTrue();
    AddressBook working = of("10.0.0.1");
    assertThat(working.answered(List.of("10.0.0.2"), TTL, 9).hasMovedSince(working)).isFalse();
    assertThat(working.hasMovedSince(AddressBook.empty())).isTrue();
  }

  @Test
  void whatIsNotInTheBookChangesNothing() {
    AddressBook book = of("10.0.0.1");
    assertThat(book.failed("10.0.0.9", 5)).isEqualTo(book);
    assertThat(book.connected("10.0.0.9")).isSameAs(book);
    assertThat(book.connected("10.0.0.1")).isSameAs(book);
  }
}
