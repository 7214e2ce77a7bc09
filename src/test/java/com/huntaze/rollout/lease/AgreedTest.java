package com.huntaze.rollout.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.lease.AgreedEntry.Claim;
import com.huntaze.rollout.lease.AgreedEntry.Confirm;
import com.huntaze.rollout.lease.AgreedEntry.Decide;
import com.huntaze.rollout.lease.AgreedEntry.Mark;
import com.huntaze.rollout.lease.AgreedEntry.Offer;
import com.huntaze.rollout.lease.AgreedEntry.Show;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The voters' common memory: each order of entries has one outcome, and terms fence. */
class AgreedTest {
  private static final LeaseRecord FIRST = new LeaseRecord(3, "a", 1, false);
  private static final LeaseRecord LATER = new LeaseRecord(4, "b", 1, false);

  private Agreed agreed = Agreed.NOTHING;

  private boolean add(AgreedEntry entry) {
    Agreed.Step step = agreed.apply(entry);
    agreed = step.next();
    return step.taken();
  }

  @Test
  void aTermIsTakenOnce() {
    assertThat(add(new Claim(FIRST))).isTrue();
    assertThat(add(new Claim(new LeaseRecord(3, "b", 1, false)))).isFalse();
    assertThat(add(new Claim(new LeaseRecord(2, "b", 1, false)))).isFalse();
    assertThat(agreed.claimant()).isEqualTo("a");
    assertThat(agreed.lease()).as("not shown yet").isNull();
  }

  @Test
  void whatATermDecidesIsRefusedOnceALaterOneIsTaken() {
    add(new Claim(FIRST));
    assertThat(add(new Show(FIRST))).isTrue();
    assertThat(add(new Decide(3, "ten"))).isTrue();
    assertThat(add(new Confirm(3))).isTrue();
    assertThat(add(new Claim(LATER))).isTrue();
    Agreed before = agreed;
    assertThat(add(new Decide(3, "fifty"))).isFalse();
    assertThat(add(new Decide(5, "fifty"))).as("nobody's").isFalse();
    assertThat(add(new Show(FIRST.next()))).isFalse();
    assertThat(add(new Confirm(3))).isFalse();
    assertThat(agreed).isEqualTo(before);
    assertThat(agreed.state()).isEqualTo("ten");
  }

  @Test
  void aBeatIsItsHoldersAndLaterThanTheOneBefore() {
    add(new Claim(FIRST));
    assertThat(add(new Show(new LeaseRecord(3, "b", 1, false)))).isFalse();
    assertThat(add(new Show(FIRST.next()))).isTrue();
    assertThat(add(new Show(FIRST))).as("a late one").isFalse();
    assertThat(add(new Show(FIRST.next().end()))).isTrue();
    assertThat(agreed.lease().ended()).isTrue();
  }

  @Test
  void anOlderStateIsTakenInThePlaceOfNoneAndEndsALowerTerm() {
    add(new Claim(FIRST));
    assertThat(add(new Offer(7, "kept"))).isTrue();
    assertThat(agreed.state()).isEqualTo("kept");
    assertThat(add(new Decide(3, "ten"))).isFalse();
    assertThat(add(new Decide(7, "ten"))).as("nobody has claimed it").isFalse();
    assertThat(add(new Offer(6, "older"))).isFalse();
    assertThat(add(new Claim(new LeaseRecord(8, "a", 1, false)))).isTrue();
    assertThat(add(new Decide(8, "ten"))).isTrue();
  }

  @Test
  void anOfferBelowTheTermInForceChangesNobodysLead() {
    add(new Claim(LATER));
    assertThat(add(new Offer(2, "kept"))).isTrue();
    assertThat(add(new Decide(4, "ten"))).isTrue();
    assertThat(add(new Offer(3, "old"))).isFalse();
    assertThat(agreed.state()).isEqualTo("ten");
  }

  @Test
  void ofMarkersTheNewestEpochsAreKept() {
    for (int epoch = 1; epoch <= 40; epoch++) {
      assertThat(add(new Mark("rollback-%d-a".formatted(epoch), "m" + epoch))).isTrue();
    }
    assertThat(agreed.markers()).hasSize(32).doesNotContainKey("rollback-8-a");
    add(new Mark("rollback-1-a", "again"));
    assertThat(agreed.markers()).hasSize(32).doesNotContainKey("rollback-1-a");
    add(new Mark("rollback-40-a", "another"));
    assertThat(agreed.markers()).containsEntry("rollback-40-a", "m40");
    assertThat(add(new Mark("../state.json", "x"))).isFalse();
    assertThat(add(new Mark("rollback-x-a", "x"))).isFalse();
    assertThat(add(new Mark("rollback-1-" + "a".repeat(99), "x"))).isFalse();
  }

  @Test
  void bytesAreReadAsTheyWereWritten() {
    List<AgreedEntry> all =
        List.of(
            new Claim(FIRST),
            new Show(FIRST.end()),
            new Decide(3, "zehn – 10 %"),
            new Offer(9, "ä"),
            new Mark("rollback-1-a", "m"),
            new Confirm(3));
    for (AgreedEntry each : all) {
      assertThat(AgreedEntry.decode(each.encode())).contains(each);
      add(each);
      assertThat(Agreed.decode(agreed.encode())).isEqualTo(agreed);
    }
    assertThat(Agreed.decode(Agreed.NOTHING.encode())).isEqualTo(Agreed.NOTHING);
  }

  /** The bytes that are in logs on disks: they may not change. */
  @Test
  void theBytesStay() {
    String claim = "00000000000000030000000000000001" + "000000000161";
    String mark = "0000000000000000" + "0000000c" + "726f6c6c6261636b2d312d61" + "000000016d";
    HexFormat hex = HexFormat.of();
    assertThat(AgreedEntry.decode(hex.parseHex("0101" + claim))).contains(new Claim(FIRST));
    assertThat(AgreedEntry.decode(hex.parseHex("0105" + mark)))
        .contains(new Mark("rollback-1-a", "m"));
    // And those of the second: the CRC-32 of all before is the end.
    assertThat(hex.formatHex(new Claim(FIRST).encode())).isEqualTo("0201" + claim + "752dedb9");
    assertThat(hex.formatHex(new Mark("rollback-1-a", "m").encode()))
        .isEqualTo("0205" + mark + "4376f3e6");
  }

  /** As from a disk that took a part of an entry: the rest of the file is zeros. */
  @Test
  void anEntryOfWhichAPartIsMissingIsNone() {
    byte[] whole = new Decide(3, "the state in many words").encode();
    assertThat(AgreedEntry.isWhole(whole)).isTrue();
    for (int kept = 0; kept < whole.length; kept++) {
      byte[] torn = Arrays.copyOf(Arrays.copyOf(whole, kept), whole.length);
      assertThat(AgreedEntry.isWhole(torn)).as("%d bytes of it", kept).isFalse();
      assertThat(AgreedEntry.decode(torn)).isEmpty();
    }
  }

  @Test
  void strangeBytesAreRefusedAndChangeNothing() {
    AgreedLog log = new AgreedLog(Path.of("."));
    Random random = new Random(7);
    byte[] good = new Decide(3, "ten").encode();
    for (int i = 0; i < 2_000; i++) {
      byte[] strange = Arrays.copyOf(good, random.nextInt(good.length));
      assertThat(log.apply(strange)).containsExactly(0);
    }
    assertThat(log.apply(new byte[] {3, 1})).containsExactly(0);
    assertThat(log.apply(new byte[] {1, 99})).containsExactly(0);
    byte[] tooLong = good.clone();
    tooLong[10] = 0x7f;
    assertThat(log.apply(tooLong)).containsExactly(0);
    assertThat(log.agreed()).isEqualTo(Agreed.NOTHING);
    assertThatThrownBy(() -> log.restore(new byte[] {9}))
        .hasMessageContaining("version 9 of what is agreed upon (expected: 1)");
    assertThatThrownBy(() -> log.restore(new byte[] {1, 0})).hasMessageContaining("expected: more");
  }
}
