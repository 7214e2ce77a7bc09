package com.huntaze.rollout.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.lease.AgreedEntry.Claim;
import com.huntaze.rollout.lease.AgreedEntry.Decide;
import com.huntaze.rollout.lease.AgreedEntry.Offer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A log as one voter sees it, which tells its entries once more where the voter joins again. */
class AgreedLogTest {
  private static final List<AgreedEntry> ENTRIES =
      List.of(
          new Claim(new LeaseRecord(3, "a", 1, false)),
          new Decide(3, "ten"),
          new Offer(5, "fifty"),
          new Claim(new LeaseRecord(6, "b", 1, false)),
          new Decide(6, "hundred"));

  private final AgreedLog log = new AgreedLog(Path.of("state"));
  private final AtomicInteger news = new AtomicInteger();

  AgreedLogTest() {
    log.onChange(news::incrementAndGet);
  }

  private void tell(AgreedEntry entry) {
    log.apply(entry.encode());
  }

  @Test
  void aLogThatBeginsAgainTakesNothingBackAndIsNoNews() {
    ENTRIES.forEach(this::tell);
    Agreed known = log.agreed();
    assertThat(known.state()).isEqualTo("hundred");
    assertThat(news).hasValue(3);
    log.beginsAgain();
    List<Agreed> seen = new ArrayList<>();
    for (AgreedEntry entry : ENTRIES) {
      tell(entry);
      seen.add(log.agreed());
    }
    log.caughtUp();
    assertThat(seen).containsOnly(known);
    assertThat(log.agreed()).isEqualTo(known);
    assertThat(news).hasValue(3);
  }

  /** The last entries are told by whoever orders them, a moment later. */
  @Test
  void whatIsNotToldYetIsKnownAllTheSame() {
    ENTRIES.forEach(this::tell);
    Agreed known = log.agreed();
    log.beginsAgain();
    ENTRIES.subList(0, 2).forEach(this::tell);
    log.caughtUp();
    assertThat(log.agreed()).isEqualTo(known);
    ENTRIES.subList(2, ENTRIES.size()).forEach(this::tell);
    tell(new Decide(6, "ten"));
    assertThat(log.agreed().state()).isEqualTo("ten");
    assertThat(news).hasValue(4);
  }

  /** Each entry is judged by those before it, so that all voters judge alike. */
  @Test
  void anEntryThatIsToldAgainIsTakenAgain() {
    ENTRIES.forEach(this::tell);
    log.beginsAgain();
    List<Integer> again = ENTRIES.stream().map(each -> (int) log.apply(each.encode())[0]).toList();
    assertThat(again).containsOnly(1);
    log.caughtUp();
    assertThat(log.snapshot()).isEqualTo(log.agreed().encode());
  }

  @Test
  void aSnapshotIsAPlaceToBeginAgainFrom() {
    ENTRIES.forEach(this::tell);
    Agreed known = log.agreed();
    AgreedLog earlier = new AgreedLog(Path.of("other"));
    ENTRIES.subList(0, 2).forEach(each -> earlier.apply(each.encode()));
    log.beginsAgain();
    log.restore(earlier.snapshot());
    assertThat(log.agreed()).isEqualTo(known);
    ENTRIES.subList(2, ENTRIES.size()).forEach(this::tell);
    log.caughtUp();
    assertThat(log.agreed()).isEqualTo(known);
    assertThat(news).hasValue(3);
  }
}
