package com.huntaze.rollout.admin.access;

/**
 * One who is let in.
 *
 * @param name of the token or of the person; {@code null} = whoever has the one token, or came
 *     without one where none is asked for
 * @param role the things that it may do
 * @param address where its connection comes from
 */
public record Caller(String name, Role role, String address) {
  /** The actor of whoever has no name. */
  static final String UNNAMED = "api";

  /** The actor for audit and alerts: {@code alice (operator, 10.0.0.7)}, or {@code api}. */
  public String actor() {
    return name == null ? UNNAMED : "%s (%s, %s)".formatted(name, role.label(), address);
  }

  /** The name for the log and for refusals. */
  public String called() {
    return name == null ? UNNAMED : name;
  }
}
