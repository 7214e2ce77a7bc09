package com.huntaze.rollout.alert;

import java.util.List;

/**
 * The process that alerts come from.
 *
 * @param replica of several replicas this one
 * @param admin its admin port's address, without a slash at the end; empty = not known
 * @param asksForToken whether the admin port needs a token
 * @param stateDir its state directory, absolute; empty = a temporary one
 * @param check the words of a command that checks its configuration; empty = there is none
 */
public record AlertHome(
    String replica, String admin, boolean asksForToken, String stateDir, List<String> check) {
  /** Copies the list, so that the record never changes. */
  public AlertHome {
    check = List.copyOf(check);
  }

  /** The same, reached at another address. */
  AlertHome at(String address) {
    return new AlertHome(replica, address, asksForToken, stateDir, check);
  }
}
