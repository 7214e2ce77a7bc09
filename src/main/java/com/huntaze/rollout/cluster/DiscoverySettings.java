package com.huntaze.rollout.cluster;

import com.huntaze.rollout.settings.Checked;
import com.huntaze.rollout.settings.Forms;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The way to the other replicas: one of both.
 *
 * @param members their addresses, this replica's own may be among them; none = {@code dns}
 * @param dns the name of them all, or null
 */
public record DiscoverySettings(
    @Setting(
            key = "static",
            value =
                "The replicas' addresses, such as `10.0.0.5:7800`. This replica's own may be among"
                    + " them, so that the list is the same everywhere.",
            byDefault = "[]",
            pattern = DiscoverySettings.MEMBER_PATTERN,
            expected = DiscoverySettings.MEMBER_WORDS)
        List<String> members,
    @Setting(
            value =
                "A name whose addresses (A and AAAA records) are the replicas, such as a headless"
                    + " service's. All of them have the same `cluster.port`.",
            byDefault = "null",
            pattern = Forms.HOST,
            expected = Forms.HOST_WORDS)
        String dns)
    implements Checked {
  static final String MEMBER_PATTERN =
      "^([A-Za-z0-9_][A-Za-z0-9._-]{0,254}|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5}$";
  static final String MEMBER_WORDS = "a host and a port with a colon between them";
  private static final Pattern MEMBER = Pattern.compile("^\\[?([^\\]]+?)\\]?:([0-9]{1,5})$");
  private static final int MOST_MEMBERS = 128;

  /** A replica's address. */
  public record Member(String host, int port) {}

  /** Copies the list, so that the record never changes. */
  public DiscoverySettings {
    members = List.copyOf(members);
  }

  @Override
  public List<Problem> check() {
    List<Problem> problems = new ArrayList<>();
    if (members.isEmpty() == (dns == null)) {
      String given = dns == null ? "missing" : "static and dns";
      problems.add(new Problem("", given, "either static, with an address, or dns"));
    }
    if (members.size() > MOST_MEMBERS) {
      String size = Integer.toString(members.size());
      problems.add(new Problem("static", size, "at most " + MOST_MEMBERS + " replicas"));
    }
    for (int i = 0; i < members.size(); i++) {
      int port = parse(members.get(i)).port();
      if (port < 1 || port > 65_535) {
        problems.add(
            new Problem("static[" + i + "]", '"' + members.get(i) + '"', "a port, 1..65535"));
      }
    }
    return problems;
  }

  /** The replicas that are listed. */
  public List<Member> addresses() {
    return members.stream().map(DiscoverySettings::parse).toList();
  }

  /** The place where others are looked for, for people. */
  String text() {
    return dns == null ? String.join(", ", members) : "the addresses of " + dns;
  }

  private static Member parse(String text) {
    Matcher form = MEMBER.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(text + " (expected: " + MEMBER_WORDS + ")");
    }
    return new Member(form.group(1), Integer.parseInt(form.group(2)));
  }
}
