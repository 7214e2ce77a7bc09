package com.huntaze.rollout.canary;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One change of a rollout: who did what, why, and what it changed.
 *
 * @param action what happened, such as START or ROLLBACK
 * @param before the snapshot that it changed
 * @param after the snapshot that it made
 * @param actor who asked
 * @param reason why, one sentence, may be empty
 * @param at wall clock in milliseconds
 * @param evidence the figures behind it as a tree of maps, lists, text and numbers; empty = a
 *     person decided
 */
public record Transition(
    Action action,
    CanarySnapshot before,
    CanarySnapshot after,
    String actor,
    String reason,
    long at,
    Map<String, Object> evidence) {

  /** Keeps a copy of the evidence. */
  public Transition {
    evidence = Map.copyOf(evidence);
  }

  static Transition of(
      Action action, CanarySnapshot before, CanarySnapshot after, Command command, long at) {
    return new Transition(action, before, after, command.actor(), command.reason(), at, Map.of());
  }

  Transition with(Map<String, Object> figures) {
    return new Transition(action, before, after, actor, reason, at, figures);
  }

  /** The same, written by the leader of a term. */
  Transition ofTerm(long term) {
    return new Transition(action, before, after.ofTerm(term), actor, reason, at, evidence);
  }

  /** The name by which alarms know it: {@code promotion}, or that of the command. */
  public String event() {
    return promotion() ? Alert.Kind.PROMOTION.label() : name();
  }

  /** The command that it carries out: {@code advance}. */
  public String name() {
    return action.name().toLowerCase(Locale.ROOT);
  }

  /** Returns whether the judge decided it, and upwards. */
  boolean promotion() {
    return action == Action.ADVANCE && actor.equals(Command.AUTO);
  }

  /** Returns whether a new rollout follows one that was rolled back. */
  boolean endsRollback() {
    return before.rolledBack() && !after.rolledBack();
  }

  /** Returns whether Foundry's share grows. */
  boolean raises() {
    return after.percentage() > before.percentage();
  }

  /** The kinds of change. */
  public enum Action {
    START,
    ADVANCE,
    PAUSE,
    RESUME,
    SET,
    ROLLBACK,
    RESET,
    CONFIGURE;

    /**
     * The action of a command's name.
     *
     * @throws NullPointerException if there is none
     */
    public static Action of(String name) {
      return Objects.requireNonNull(BY_NAME.get(name), name);
    }

    private static final Map<String, Action> BY_NAME =
        Stream.of(values())
            .collect(
                Collectors.toUnmodifiableMap(
                    action -> action.name().toLowerCase(Locale.ROOT), action -> action));

    private String word() {
      return this == ROLLBACK
          ? name()
          : name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }
  }

  private String share() {
    return before.percentage() == after.percentage()
        ? "at %d %%".formatted(after.percentage())
        : "%d %% -> %d %%".formatted(before.percentage(), after.percentage());
  }

  /**
   * The change as one line for people: {@code Start canary foundry 0 % -> 10 % (canary_10, epoch
   * 1-a, by api): reason}. The same text stands in log, API and alerts.
   */
  public String sentence() {
    String line =
        "%s canary foundry %s (%s, epoch %s, by %s)"
            .formatted(action.word(), share(), after.phase(), after.epoch(), actor);
    return reason.isEmpty() ? line : line + ": " + reason;
  }
}
