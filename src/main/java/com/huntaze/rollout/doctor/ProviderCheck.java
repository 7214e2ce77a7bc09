package com.huntaze.rollout.doctor;

import com.huntaze.rollout.dns.Answer;
import com.huntaze.rollout.settings.HttpUrl;
import com.huntaze.rollout.settings.IpAddresses;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Goes the way to a provider step by step: name, connection, TLS, probe, clock. */
public final class ProviderCheck {
  /** Beyond it prices of the wrong day are taken, and dates of others are misread. */
  private static final Duration NOTABLE_SKEW = Duration.ofSeconds(5);

  /** The skew that receivers of signed webhooks tolerate. */
  private static final Duration HARMFUL_SKEW = Duration.ofMinutes(5);

  private static final int ALIVE = 500;

  private final ProviderTarget target;
  private final HttpUrl url;
  private final Function<String, Future<Answer>> lookup;
  private final int answerMillis;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * @param lookup the way from a name to its addresses that the proxy takes, too
   * @param answerMillis the longest time for a handshake, and for an answer
   */
  public ProviderCheck(
      ProviderTarget target, Function<String, Future<Answer>> lookup, int answerMillis) {
    this.lookup = lookup;
    this.target = target;
    this.url = target.url();
    this.answerMillis = answerMillis;
  }

  /** As a check. */
  public Check check() {
    return new Check(target.name(), this::look);
  }

  private List<Finding> look() {
    Socket socket = connect(resolve());
    if (socket != null) {
      secureAndAsk(socket);
    }
    return target.inUse() ? findings : findings.stream().map(Finding::atMostWarn).toList();
  }

  private String name(String step) {
    return target.name() + " " + step;
  }

  private String setting() {
    return "providers." + target.name() + ".url";
  }

  private List<String> resolve() {
    if (IpAddresses.isAddress(url.host())) {
      findings.add(Finding.ok(name("dns"), url.host() + ", an address"));
      return List.of(url.host());
    }
    try {
      Answer answer = lookup.apply(url.host()).await();
      findings.add(
          Finding.ok(
              name("dns"),
              "%s is %s (from %s, for %d s)"
                  .formatted(
                      url.host(),
                      String.join(" ", answer.addresses()),
                      answer.source(),
                      answer.ttlMillis() / 1_000)));
      return answer.addresses();
    } catch (Exception unknown) {
      findings.add(
          Finding.fail(
              name("dns"),
              url.host() + ": no such name",
              setting() + " with a name that this machine resolves, or dns.servers that know it"));
      return List.of();
    }
  }

  /** Tries all addresses, for requests go to each of them; the first one that answers is asked. */
  private Socket connect(List<String> addresses) {
    Socket first = null;
    List<Finding> unreachable = new ArrayList<>();
    for (String address : addresses) {
      String where = addresses.size() == 1 ? "" : address + " ";
      try {
        Socket socket = connect(address, where);
        if (first == null) {
          first = socket;
        } else {
          socket.close();
        }
      } catch (ConnectException refused) {
        unreachable.add(
            Finding.fail(
                name("connect"),
                "%sport %d: nobody listens there".formatted(where, url.port()),
                "start it, or correct " + setting()));
      } catch (SocketTimeoutException silent) {
        unreachable.add(
            Finding.fail(
                name("connect"),
                "%sport %d: no answer within %d ms"
                    .formatted(where, url.port(), target.connect().toMillis()),
                "open the way through firewalls, or raise providers.%s.connect"
                    .formatted(target.name())));
      } catch (IOException broken) {
        unreachable.add(
            Finding.fail(
                name("connect"), where + broken.getMessage(), "the way there, or " + setting()));
      }
    }
    boolean someAnswers = first != null;
    unreachable.forEach(finding -> findings.add(someAnswers ? finding.atMostWarn() : finding));
    return first;
  }

  private Socket connect(String address, String where) throws IOException {
    long began = System.nanoTime();
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(address, url.port()), (int) target.connect().toMillis());
      socket.setSoTimeout(answerMillis);
    } catch (IOException failure) {
      socket.close();
      throw failure;
    }
    long millis = (System.nanoTime() - began) / 1_000_000;
    findings.add(
        Finding.ok(name("connect"), "%sport %d in %d ms".formatted(where, url.port(), millis)));
    return socket;
  }

  private void secureAndAsk(Socket socket) {
    try (socket) {
      if (!url.secure()) {
        ask(socket);
        return;
      }
      ProviderTls tls = new ProviderTls(target.name(), url, target.ca());
      try (Socket secured = tls.over(socket)) {
        findings.add(tls.finding());
        if (secured != null) {
          ask(secured);
        }
      }
    } catch (IOException closing) {
      // What was to be seen was seen.
    }
  }

  private void ask(Socket socket) {
    String path = url.path() + target.probePath();
    try {
      answered(path, ProviderAnswer.ask(socket, url, target.probePath(), target.headers()));
    } catch (SocketTimeoutException silent) {
      findings.add(
          Finding.fail(
              name("probe"),
              "GET %s: no answer within %d ms".formatted(path, answerMillis),
              probeRemedy()));
    } catch (IOException broken) {
      findings.add(
          Finding.fail(
              name("probe"), "GET %s: %s".formatted(path, broken.getMessage()), probeRemedy()));
    }
  }

  private String probeRemedy() {
    return "the provider itself, or providers.%s.probe.path".formatted(target.name());
  }

  private void answered(String path, ProviderAnswer answer) {
    String seen = "GET %s: %d in %d ms".formatted(path, answer.status(), answer.millis());
    if (answer.status() >= ALIVE) {
      findings.add(Finding.fail(name("probe"), seen, probeRemedy()));
    } else if (answer.status() == 401 || answer.status() == 403) {
      findings.add(
          Finding.warn(
              name("probe"),
              seen + ", the key is refused",
              "providers.%s.headers with a key that it knows".formatted(target.name())));
    } else if (answer.status() >= 300) {
      findings.add(
          Finding.warn(
              name("probe"),
              seen + ", which counts as alive whatever is behind it",
              "providers.%s.probe.path with a path that tells of its health"
                  .formatted(target.name())));
    } else {
      findings.add(Finding.ok(name("probe"), seen));
    }
    answer.behind().ifPresent(this::clock);
  }

  private void clock(Duration behind) {
    Duration skew = behind.abs();
    String seen =
        "this machine is %s its time"
            .formatted(
                skew.compareTo(Duration.ofSeconds(1)) <= 0
                    ? "within a second of"
                    : "%d s %s"
                        .formatted(skew.toSeconds(), behind.isNegative() ? "ahead of" : "behind"));
    String remedy = "synchronise the clocks (NTP): this machine's, or the provider's";
    if (skew.compareTo(HARMFUL_SKEW) > 0) {
      findings.add(Finding.fail(name("clock"), seen, remedy));
    } else if (skew.compareTo(NOTABLE_SKEW) > 0) {
      findings.add(Finding.warn(name("clock"), seen, remedy));
    } else {
      findings.add(Finding.ok(name("clock"), seen));
    }
  }
}
