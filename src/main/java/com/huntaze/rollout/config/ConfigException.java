package com.huntaze.rollout.config;

import com.huntaze.rollout.settings.Problem;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A configuration that is refused, with everything that is wrong with it. No secret is in it. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;
  private final transient Set<Path> files;

  /**
   * A refusal for several reasons.
   *
   * @param problems at least one
   */
  public ConfigException(List<Problem> problems) {
    this(problems, Set.of());
  }

  private ConfigException(List<Problem> problems, Set<Path> files) {
    super(message(problems));
    this.problems = List.copyOf(problems);
    this.files = Set.copyOf(files);
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

  /**
   * The same refusal, of a configuration that depends on files beside its own.
   *
   * @param named the files that were read or looked for
   */
  public ConfigException dependingOn(Collection<Path> named) {
    Set<Path> all = new HashSet<>(files());
    all.addAll(named);
    return new ConfigException(problems(), all);
  }

  /** {@return the files beside its own with which it might be taken, as far as they are known} */
  public Set<Path> files() {
    return files == null ? Set.of() : files;
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
