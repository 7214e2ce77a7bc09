package com.huntaze.rollout.judge.served;

import java.util.Map;

/**
 * The share of the users whom Foundry serves, by the latest request of each.
 *
 * @param percentage the share that is set, 0..100; 0 = nothing is to be served
 * @param users by who served their latest request
 * @param lnChance at the last look, ln of a bound on the chance that this is so where the share is
 *     within what is allowed; 0 = nothing speaks for a difference
 * @param lnNeeded ln of the chance from which on it is believed; 0 = there was no look yet
 * @param off whether it is not the share that is set: by more than chance, and more than is allowed
 */
public record ServedShare(
    int percentage, Map<Serving, Integer> users, double lnChance, double lnNeeded, boolean off) {
  /** Before any request. */
  public static final ServedShare NONE = new ServedShare(0, Map.of(), 0, 0, false);

  /** Of the share that is set so much is served at least. */
  static final double LEAST = 0.8;

  /** Keeps a copy of the users. */
  public ServedShare {
    users = Map.copyOf(users);
  }

  /** The share that is set, 0..1. */
  public double set() {
    return percentage / 100.0;
  }

  /** All users. */
  public int all() {
    return users.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The users whose latest request was served like that. */
  public int of(Serving serving) {
    return users.getOrDefault(serving, 0);
  }

  /** The users for whose latest request the split chose Foundry. */
  public int chosen() {
    return all() - of(Serving.LEGACY);
  }

  /** The share of the users whom Foundry serves, 0..1. */
  public double served() {
    return share(of(Serving.FOUNDRY));
  }

  /** The share of the users for whom the split chose Foundry, 0..1. */
  public double chosenShare() {
    return share(chosen());
  }

  /** Of the users for whom the split chose Foundry, those whom it serves, 0..1. */
  double keptShare() {
    return chosen() == 0 ? 1 : (double) of(Serving.FOUNDRY) / chosen();
  }

  private double share(int some) {
    return all() == 0 ? 0 : (double) some / all();
  }

  /** The least share that is served as it was set, 0..1. */
  public double least() {
    return LEAST * set();
  }

  /** The largest. */
  public double most() {
    return Math.min(1, set() / LEAST);
  }

  /** Tells whether a share is as it was set, as far as that matters. */
  public boolean isAllowed(double share) {
    return least() <= share && share <= most();
  }
}
