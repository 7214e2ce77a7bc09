package com.huntaze.rollout.doctor;

import java.util.List;

/** Keys and tokens: whether they are there, and long enough. */
public final class AccessCheck {
  private static final int LEAST_TOKEN = 32;

  private final AccessFacts facts;

  public AccessCheck(AccessFacts facts) {
    this.facts = facts;
  }

  /** As a check. */
  public Check check() {
    return new Check("keys", () -> List.of(clients(), foundry(), legacy(), admin()));
  }

  private Finding clients() {
    String name = "client keys";
    if (facts.required()) {
      return Finding.ok(name, "asked for; %d known".formatted(facts.keys()));
    } else if (facts.open()) {
      return Finding.warn(
          name,
          "none is asked for, and other machines reach the data port",
          "auth.required with auth.keys, or server.host 127.0.0.1, or let the router ask");
    }
    return Finding.ok(name, "none is asked for; the data port is this machine's alone");
  }

  private Finding foundry() {
    String name = "foundry key";
    String remedy = "AI_ROUTER_API_KEY in the environment, or providers.foundry.headers or token";
    if (!facts.foundryKey().isEmpty() && !facts.foundryKeyEmpty()) {
      return Finding.ok(name, facts.foundryKey() + " is set by the proxy");
    } else if (facts.required() && !facts.foundryGetsClientKeys()) {
      return Finding.fail(
          name,
          "clients' keys end at the proxy (auth.required), and it has none of its own",
          remedy);
    } else if (!facts.foundryGetsClientKeys()) {
      return Finding.warn(
          name,
          "foundry gets no key: the proxy has none, and those of clients are kept from it",
          remedy + "; or auth.clientKeys \"foundry\" or \"both\" if clients have keys for it");
    } else if (facts.foundryKeyEmpty()) {
      return Finding.warn(
          name,
          facts.foundryKey() + " is empty: Foundry gets the key that each client sends",
          remedy + "; or leave it so, if clients have keys");
    }
    return Finding.ok(name, "none of the proxy's own; each client's passes");
  }

  private Finding legacy() {
    String name = "legacy key";
    if (facts.legacyKey()) {
      return Finding.ok(name, "one is set by the proxy");
    } else if (facts.legacyGetsClientKeys()) {
      return Finding.ok(name, "none of the proxy's own; each client's passes");
    } else if (facts.clientKeysTold()) {
      return Finding.ok(name, "none; auth.clientKeys keeps those of clients back");
    }
    return Finding.warn(
        name,
        "legacy gets no key: if it asks for one, all that it serves is 401",
        "auth.clientKeys \"legacy\" or \"both\" if clients have keys for it, \"foundry\" if"
            + " they have none, or providers.legacy.headers");
  }

  private Finding admin() {
    String name = "admin token";
    if (facts.tokenLength() == 0 && facts.adminNamed()) {
      return Finding.ok(name, "none; callers have names and roles");
    } else if (facts.tokenLength() == 0) {
      // Without one it is on loopback, or the configuration would have been refused.
      return Finding.ok(name, "none; the admin port and metrics.listener are this machine's alone");
    } else if (facts.tokenLength() < LEAST_TOKEN) {
      return Finding.warn(
          name,
          "%d characters (expected: at least %d)".formatted(facts.tokenLength(), LEAST_TOKEN),
          "ADMIN_TOKEN=$(openssl rand -hex 32)");
    }
    return Finding.ok(
        name,
        "%d characters%s"
            .formatted(
                facts.tokenLength(),
                facts.adminOpen() ? "; other machines reach the admin port" : ""));
  }
}
