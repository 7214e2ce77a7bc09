package com.huntaze.rollout.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** The check that the address of a member of a cluster is this machine's, and its port free. */
public final class BindCheck {
  private static final String NAME = "cluster.bind";
  private static final String REMEDY =
      "an address of this machine, or a network in which it has one";

  private final String bind;
  private final int port;
  private final Addresses addresses;

  /** The address that a name, an address or a network means; a failure says why it means none. */
  public interface Addresses {
    InetAddress of(String bind) throws IOException;
  }

  /**
   * @param addresses as the start looks for it
   */
  public BindCheck(String bind, int port, Addresses addresses) {
    this.bind = bind;
    this.port = port;
    this.addresses = addresses;
  }

  /** As a check. */
  public Check check() {
    return new Check(NAME, () -> List.of(look()));
  }

  private Finding look() {
    try {
      String own = addresses.of(bind).getHostAddress();
      return new PortCheck(NAME, own, port, "cluster.port", REMEDY).look();
    } catch (UnknownHostException unknown) {
      return Finding.fail(NAME, bind + " is no address", REMEDY);
    } catch (IOException none) {
      String seen = "%s:%d cannot be listened on: %s".formatted(bind, port, none.getMessage());
      return Finding.fail(NAME, seen, REMEDY);
    }
  }
}
