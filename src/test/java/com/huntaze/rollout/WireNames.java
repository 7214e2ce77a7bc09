package com.huntaze.rollout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The names on the wire that others rely on, as {@code src/test/resources/wire-names.txt} lists
 * them by section.
 */
public final class WireNames {
  private static final Path FILE = Path.of("src", "test", "resources", "wire-names.txt");

  private WireNames() {}

  /** The names of all sections. */
  public static Map<String, TreeSet<String>> sections() {
    Map<String, TreeSet<String>> sections = new LinkedHashMap<>();
    TreeSet<String> names = new TreeSet<>();
    for (String line : lines()) {
      if (line.startsWith("[")) {
        names = new TreeSet<>();
        sections.put(line.substring(1, line.indexOf(']')), names);
      } else if (!line.isBlank() && !line.startsWith("#")) {
        names.add(line.strip());
      }
    }
    return sections;
  }

  private static List<String> lines() {
    try {
      return Files.readAllLines(FILE);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Puts the new ones of these names in their places; none is ever taken out. */
  static void addNew(String section, Collection<String> present) {
    for (String name : new TreeSet<>(present)) {
      if (!sections().getOrDefault(section, new TreeSet<>()).contains(name)) {
        add(section, name);
      }
    }
  }

  private static void add(String section, String name) {
    List<String> all = new ArrayList<>(lines());
    int at = all.indexOf("[" + section + "]") + 1;
    while (at < all.size() && !all.get(at).isBlank() && all.get(at).compareTo(name) < 0) {
      at++;
    }
    all.add(at, name);
    try {
      Files.write(FILE, all);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A sentence for each name of a section that is no more, and each that is not listed yet. */
  public static List<String> problems(String section, Collection<String> present) {
    TreeSet<String> listed = sections().getOrDefault(section, new TreeSet<>());
    List<String> problems = new ArrayList<>();
    for (String name : listed) {
      if (!present.contains(name)) {
        problems.add(
            "removed from [%s]: %s (names on the wire stay; users rely on them)"
                .formatted(section, name));
      }
    }
    for (String name : new TreeSet<>(present)) {
      if (!listed.contains(name)) {
        problems.add(
            "new in [%s]: %s (add this line to src/test/resources/wire-names.txt)"
                .formatted(section, name));
      }
    }
    return problems;
  }
}
