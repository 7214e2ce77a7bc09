package com.huntaze.rollout.doctor;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/** The check that a port can be listened on, and by whom it is taken. */
public final class PortCheck {
  private final String name;
  private final String host;
  private final int port;
  private final String flag;
  private final String elsewhere;

  /**
   * @param name such as {@code data port}
   * @param flag of the command line that takes another port
   */
  public PortCheck(String name, String host, int port, String flag) {
    this(name, host, port, flag, "an address of this machine, or 0.0.0.0 for all of them");
  }

  /**
   * @param elsewhere the remedy where the address is not this machine's
   */
  PortCheck(String name, String host, int port, String flag, String elsewhere) {
    this.name = name;
    this.host = host;
    this.port = port;
    this.flag = flag;
    this.elsewhere = elsewhere;
  }

  /** As a check. */
  public Check check() {
    return new Check(name, () -> List.of(look()));
  }

  Finding look() {
    if (port == 0) {
      return Finding.ok(name, "any free one");
    }
    String where = host + ":" + port;
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
      return Finding.ok(name, where + " is free");
    } catch (UnknownHostException unknown) {
      return Finding.fail(name, host + " is no address", "an address of this machine, or 0.0.0.0");
    } catch (BindException refused) {
      return refused(where, String.valueOf(refused.getMessage()));
    } catch (IOException odd) {
      return Finding.fail(name, where + ": " + odd.getMessage(), flag + " takes another port");
    }
  }

  private Finding refused(String where, String why) {
    if (why.contains("Permission denied")) {
      return Finding.fail(
          name, where + " may not be listened on by this user", flag + " with a port from 1024 on");
    } else if (!why.contains("in use")) {
      return Finding.fail(name, where + ": " + why, elsewhere);
    }
    Optional<PortOwner> owner = PortOwner.of(port);
    if (owner.filter(PortOwner::ours).isPresent()) {
      return Finding.warn(
          name,
          "%s: a rollout-proxy runs there already (%s)".formatted(where, owner.get()),
          "stop it before another start, or %s takes another port".formatted(flag));
    }
    return Finding.fail(
        name,
        "%s is in use by %s"
            .formatted(where, owner.map(PortOwner::toString).orElse("another user's process")),
        "stop it, or %s takes another port".formatted(flag));
  }
}
