package com.huntaze.rollout.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The book, told against what the whole history says. */
class AddressBookPropertyTest {
  private static final List<String> ALL = List.of("10.0.0.1", "10.0.0.2", "10.0.0.3", "::1");

  private enum Kind {
    ANSWERED,
    UNANSWERED,
    FAILED,
    CONNECTED
  }

  /**
   * One event.
   *
   * @param told what an answer has
   * @param literal what has failed or connected
   * @param pause the milliseconds since the event before
   */
  private record Event(Kind kind, Set<String> told, String literal, long ttl, long pause) {}

  @Provide
  Arbitrary<List<Event>> histories() {
    Arbitrary<Event> events =
        Combinators.combine(
                Arbitraries.of(Kind.values()),
                Arbitraries.of(ALL).set(),
                Arbitraries.of(ALL),
                Arbitraries.longs().between(0, 20_000),
                Arbitraries.longs().between(0, 8_000))
            .as(Event::new);
    return events.list().ofMaxSize(60);
  }

  @Property
  void knowsWhatOneOfTheLastThreeAnswersHas(@ForAll("histories") List<Event> history) {
    AddressBook book = AddressBook.empty();
    List<Set<String>> answers = new ArrayList<>();
    Map<String, Long> failed = new HashMap<>();
    long now = 0;
    for (Event event : history) {
      now += event.pause();
      book = after(book, event, now);
      if (event.kind() == Kind.ANSWERED && !event.told().isEmpty()) {
        answers.add(event.told());
      }
      Set<String> known = new TreeSet<>();
      answers.subList(Math.max(0, answers.size() - 3), answers.size()).forEach(known::addAll);
      if (event.kind() == Kind.FAILED) {
        failed.put(event.literal(), now);
      } else if (event.kind() == Kind.CONNECTED) {
        failed.remove(event.literal());
      }
      failed.keySet().retainAll(known);
      assertThat(book.addresses())
          .extracting(KnownAddress::literal)
          .containsExactlyInAnyOrderElementsOf(known);
      book.addresses()
          .forEach(
              address ->
                  assertThat(address.failedAt())
                      .isEqualTo(failed.getOrDefault(address.literal(), KnownAddress.NEVER)));
      assertThat(book.allFailed()).isEqualTo(failed.size() == known.size());
    }
  }

  @Property
  void isAskedAtMostOnceASecondAndInTime(@ForAll("histories") List<Event> history) {
    AddressBook book = AddressBook.empty();
    long now = 0;
    long last = -1_000;
    for (Event event : history) {
      long until = now + event.pause();
      while (book.askAt() <= until) {
        long at = Math.max(now, book.askAt());
        assertThat(at - last).isGreaterThanOrEqualTo(1_000);
        last = at;
        book = book.asked(at);
        assertThat(book.askAt()).isEqualTo(AddressBook.NEVER);
        book = book.unanswered();
        now = at;
      }
      now = until;
      book = after(book, event, now);
      if (book.allFailed()) {
        assertThat(book.askAt()).isLessThanOrEqualTo(Math.max(now, last + 1_000));
      }
    }
  }

  @Property
  void aFailedAddressIsTriedOnceInTenSecondsByALoop(@ForAll("histories") List<Event> history) {
    AddressBook book = AddressBook.empty().answered(ALL, 60_000, 0);
    Rotation loop = new Rotation(0);
    Map<String, Long> tried = new HashMap<>();
    long now = 0;
    for (Event event : history) {
      now += event.pause();
      if (event.kind() == Kind.FAILED || event.kind() == Kind.CONNECTED) {
        book = after(book, event, now);
        tried.remove(event.literal());
      }
      AddressBook seen = book;
      List<String> candidates = loop.candidates(seen, now);
      assertThat(candidates).isNotEmpty().doesNotHaveDuplicates();
      if (seen.allFailed()) {
        continue;
      }
      for (KnownAddress address : seen.addresses()) {
        if (!address.failed()) {
          assertThat(candidates).contains(address.literal());
        } else if (candidates.contains(address.literal())) {
          long last = tried.getOrDefault(address.literal(), address.failedAt());
          assertThat(now - last).isGreaterThanOrEqualTo(10_000);
          tried.put(address.literal(), now);
        }
      }
    }
  }

  private static AddressBook after(AddressBook book, Event event, long now) {
    return switch (event.kind()) {
      case ANSWERED -> book.answered(event.told(), event.ttl(), now);
      case UNANSWERED -> book.unanswered();
      case FAILED -> book.failed(event.literal(), now);
      case CONNECTED -> book.connected(event.literal());
    };
  }
}
