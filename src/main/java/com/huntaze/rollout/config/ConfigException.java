package com.huntaze.rollout.config;

import com.huntaze.rollout.settings.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration that is refused, with everything that is wrong with it. No secret is in it. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /**
   * A refusal for several reasons.
   *
   * @param problems at least one
   */
  public ConfigException(List<Problem> problems) {
    super(message(problems));
    this.problems = List.copyOf(problems);
  }

  /**
   * A refusal for one reason.
   *
   * @param problem the reason
   */
  public ConfigException(Problem problem) {
    this(List.of(problem));
  }

  /** {@return what is wrong, at least one entry, in the order of the document} */
  public List<Problem> problems() {
    return problems == null ? List.of() : problems;
  }

  private static String message(List<Problem> problems) {
    if (problems.size() == 1) {
      return "The configuration is refused: " + problems.get(0);
    }
    return problems.stream()
        .map(problem -> "\n  " + problem)
        .collect(
            Collectors.joining(
                "", "The configuration is refused, " + problems.size() + " problems:", ""));
  }
}
