package com.huntaze.rollout.address;

import com.huntaze.rollout.settings.Checked;
import com.huntaze.rollout.settings.IpAddresses;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The way from the providers' names to addresses.
 *
 * @param servers the name servers to ask, in their order; none = the system's
 */
public record DnsSettings(
    @Setting(
            value =
                "The name servers that are asked for the providers' addresses, in their order:"
                    + " `10.0.0.2`, `10.0.0.2:5353` or `[fd00::2]:53`. None means the system's"
                    + " (`/etc/resolv.conf`). The system's `hosts` file comes first either way.",
            byDefault = "[]",
            pattern = DnsSettings.SERVER_PATTERN,
            expected = DnsSettings.SERVER_WORDS)
        List<String> servers)
    implements Checked {
  static final String SERVER_PATTERN = "^([0-9.]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?$";
  static final String SERVER_WORDS = "an IP address, and a port after a colon unless it is 53";
  private static final Pattern SERVER = Pattern.compile(SERVER_PATTERN);
  private static final int STANDARD_PORT = 53;
  private static final int MOST_SERVERS = 8;

  /**
   * The address of a name server.
   *
   * @param host the IP address as text, without brackets
   */
  public record Server(String host, int port) {}

  /** Copies the list, so that the record never changes. */
  public DnsSettings {
    servers = List.copyOf(servers);
  }

  @Override
  public List<Problem> check() {
    List<Problem> problems = new ArrayList<>();
    if (servers.size() > MOST_SERVERS) {
      String size = Integer.toString(servers.size());
      problems.add(new Problem("servers", size, "at most " + MOST_SERVERS + " name servers"));
    }
    for (int i = 0; i < servers.size(); i++) {
      if (parse(servers.get(i)).isEmpty()) {
        problems.add(new Problem("servers[" + i + "]", '"' + servers.get(i) + '"', SERVER_WORDS));
      }
    }
    return problems;
  }

  /** The name servers; none = the system's. */
  public List<Server> addresses() {
    return servers.stream().map(text -> parse(text).orElseThrow()).toList();
  }

  private static Optional<Server> parse(String text) {
    Matcher form = SERVER.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    String host = form.group(1).replaceAll("[\\[\\]]", "");
    int port = form.group(2) == null ? STANDARD_PORT : Integer.parseInt(form.group(2).substring(1));
    return IpAddresses.isAddress(host) && port >= 1 && port <= 65_535
        ? Optional.of(new Server(host, port))
        : Optional.empty();
  }
}
