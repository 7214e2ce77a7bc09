package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The links between members at loopback addresses of their own, one for each direction: a cut one
 * swallows every packet, as a partition does. Debian's iptables does it, which needs the rights of
 * root.
 */
final class Links implements AutoCloseable {
  private static final int PIDS = 1 << 15;

  /** The network of a process of tests: its number is in the two parts in the middle. */
  private static final Pattern NETWORK = Pattern.compile("-s 127\\.(\\d+)\\.(\\d+)\\.\\d+/32 ");

  private final List<List<String>> rules = new ArrayList<>();

  /** Takes away what processes of tests have left that were killed. */
  Links() {
    for (String rule : run(List.of("iptables", "-w", "-S", "INPUT")).split("\n")) {
      Matcher network = NETWORK.matcher(rule);
      if (rule.startsWith("-A INPUT ") && network.find() && isGone(network)) {
        run(List.of(("iptables -w -D " + rule.substring(3)).split(" ")));
      }
    }
  }

  private static boolean isGone(Matcher network) {
    int high = Integer.parseInt(network.group(1)) - 128;
    int pid = high << 8 | Integer.parseInt(network.group(2));
    return high >= 0 && ProcessHandle.of(pid).isEmpty();
  }

  /** The address of a member, by its number. */
  static String address(int member) {
    long pid = ProcessHandle.current().pid() % PIDS;
    return "127.%d.%d.%d".formatted(128 + (pid >> 8), pid & 255, member + 1);
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
    run(command);
  }

  private static String run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
      return output;
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
