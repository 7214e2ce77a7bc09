package com.huntaze.rollout.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The usage of a stream of JSON lines is read line by line, wherever it is cut. */
class LineUsageTest {
  private static final String HI = "{'model':'llama','message':{'content':'hi'},'done':false}\n";
  private static final String STOP =
      "{'model':'llama','message':{'content':''},'done':true,"
          + "'prompt_eval_count':26,'eval_count':298}\n";

  private static byte[] bytes(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  private static UsageScanner scanned(UsageScanner scanner, byte[] bytes, int cut) {
    scanner.feed(bytes, 0, cut);
    scanner.feed(bytes, cut, bytes.length);
    scanner.end();
    return scanner;
  }

  private static void usageIs(Usage usage, UsageScanner scanner) {
    assertThat(scanner.usage()).isEqualTo(usage);
    assertThat(scanner.model()).isEqualTo("llama");
  }

  @Test
  void isThatOfTheLastLineOfOllamas() {
    byte[] all = bytes(HI + HI + STOP);
    for (int cut = 0; cut <= all.length; cut++) {
      usageIs(
          new Usage(26, 298, 0, 0, 0), scanned(UsageScanner.ofLines(UsageListener.NONE), all, cut));
    }
  }

  @Test
  void isReadBehindALineThatIsBroken() {
    byte[] all = bytes("{'message':{'content':'h\n{'eval_count':7,'x':[{\n" + HI + STOP);
    for (int cut = 0; cut <= all.length; cut++) {
      usageIs(
          new Usage(26, 298, 0, 0, 0), scanned(UsageScanner.ofLines(UsageListener.NONE), all, cut));
    }
  }

  @Test
  void isReadInATextSequenceWhoseTextsHaveSeveralLines() {
    byte[] all = bytes("\u001e" + HI + "\u001e{'message':{\n\u001e" + STOP.replace(",", ",\n"));
    for (int cut = 0; cut <= all.length; cut++) {
      usageIs(
          new Usage(26, 298, 0, 0, 0),
          scanned(UsageScanner.ofRecords(UsageListener.NONE), all, cut));
    }
  }

  @Test
  void textThatPassedBeforeTheUsageIsCounted() {
    byte[] all = bytes(HI + "{'response':'four','done':false}\n");
    UsageScanner scanner = scanned(UsageScanner.ofLines(UsageListener.NONE), all, 9);
    assertThat(scanner.usage()).isNull();
    assertThat(scanner.unreportedText()).isEqualTo("hi".length() + "four".length());
  }

  @Test
  void aLineOfUsageAloneIsToldAndOllamasLastIsNone() {
    String alone = "{'model':'llama','choices':[],'usage':{'prompt_tokens':1,'total_tokens':3}}\n";
    List<String> told = new ArrayList<>();
    UsageListener listener =
        new UsageListener() {
          @Override
          public void usage(long closesAt, boolean empty, java.util.Set<Detail> present) {}

          @Override
          public void noUsage(long from, long to) {}

          @Override
          public void event(long from, long to, boolean isAlone) {
            told.add(from + ".." + to + " " + isAlone);
          }

          @Override
          public void lineFeed(long at) {}
        };
    scanned(UsageScanner.ofLines(listener), bytes(HI + alone + STOP), 70);
    int first = HI.length() + alone.length();
    assertThat(told)
        .containsExactly(
            HI.length() + ".." + first + " true",
            first + ".." + (first + STOP.length()) + " false");
  }
}
