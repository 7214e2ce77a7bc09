package com.huntaze.rollout.provider;

import java.util.regex.Pattern;

/**
 * The type of a caller's request, by its name on the wire, such as {@code fan_message}.
 *
 * <p>The seed names four; they are configuration ({@code agents.*.requestTypes}), so a fifth needs
 * no code.
 *
 * @param name lower-case letters, digits and underscores, at most 64
 */
public record RequestType(String name) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");

  /**
   * @throws IllegalArgumentException if the name has another form
   */
  public RequestType {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "request type: expected lower-case letters, digits and _, at most 64 of them");
    }
  }

  /** Returns whether {@code name} could be the name of a request type. */
  public static boolean isName(String name) {
    return name != null && NAME.matcher(name).matches();
  }
}
