package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The links between members at loopback addresses of their own, one for each direction: a cut one
 * swallows every packet, as a partition does. Debian's iptables does it, which needs the rights of
 * root.
 */
final class Links implements AutoCloseable {
  private static final String PREFIX = "127.78.0.";

  private final List<List<String>> rules = new ArrayList<>();

  /** The address of a member, by its number. */
  static String address(int member) {
    return PREFIX + (member + 1);
  }

  /** From now on nothing that one member sends comes to the other. */
  void cutOneWay(int from, int to) {
    List<String> rule =
        List.of("INPUT", "-i", "lo", "-s", address(from), "-d", address(to), "-j", "DROP");
    iptables("-I", rule);
    rules.add(rule);
  }

  /** From now on neither hears the other. */
  void cut(int one, int other) {
    cutOneWay(one, other);
    cutOneWay(other, one);
  }

  /** All hear each other again. */
  void heal() {
    rules.forEach(rule -> iptables("-D", rule));
    rules.clear();
  }

  private static void iptables(String what, List<String> rule) {
    List<String> command = new ArrayList<>(List.of("iptables", "-w", what));
    command.addAll(rule);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
    } catch (IOException missing) {
      throw new UncheckedIOException(
          "iptables is missing (expected: Debian's package of that name)", missing);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @Override
  public void close() {
    heal();
  }
}
