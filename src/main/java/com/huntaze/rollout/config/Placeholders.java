package com.huntaze.rollout.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills {@code ${NAME}}, {@code ${NAME:default}} and {@code ${file:path}} inside texts; {@code
 * $${} is a literal {@code ${}. What is filled in is not looked at again. An empty variable counts
 * as one that is not set, because that is how container files pass on a missing one.
 */
final class Placeholders {
  private static final int MAX_FILE_BYTES = 64 * 1024;
  private static final Pattern TOKEN =
      Pattern.compile("(?<escape>\\$\\$\\{)|\\$\\{(?<body>[^}]*)\\}|(?<open>\\$\\{)");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final Map<String, String> environment;
  private final Path baseDir;
  private final Set<Path> files = new LinkedHashSet<>();

  Placeholders(Map<String, String> environment, Path baseDir) {
    this.environment = Map.copyOf(environment);
    this.baseDir = baseDir;
  }

  /**
   * A text with its placeholders filled.
   *
   * @param text the text, or null when something is wrong
   * @param whole whether the text was one placeholder and nothing else
   * @param variable the variable that the whole text came from, or null
   * @param file whether any of it came from a file
   * @param wrong what should be otherwise, or null
   */
  record Filled(String text, boolean whole, String variable, boolean file, String wrong) {}

  /** The files that were asked for so far, whether they could be read or not. */
  Set<Path> files() {
    return files;
  }

  /** The whole path of a file that is named relative to the configuration's. */
  String whole(String file) {
    return baseDir.resolve(file).normalize().toString();
  }

  /** Returns whether {@code text} holds anything to fill. */
  static boolean present(String text) {
    return text.contains("${");
  }

  /** Fills {@code text}; blocks when it names a file. */
  Filled fill(String text) {
    StringBuilder filled = new StringBuilder();
    Matcher token = TOKEN.matcher(text);
    boolean whole = false;
    String variable = null;
    boolean file = false;
    int end = 0;
    while (token.find()) {
      filled.append(text, end, token.start());
      end = token.end();
      if (token.group("escape") != null) {
        filled.append("${");
      } else if (token.group("open") != null) {
        return wrong("a } that ends the placeholder");
      } else {
        Filled part = value(token.group("body"));
        if (part.wrong() != null) {
          return part;
        }
        whole = token.start() == 0 && token.end() == text.length();
        variable = whole ? part.variable() : null;
        file |= part.file();
        filled.append(part.text());
      }
    }
    return new Filled(filled.append(text.substring(end)).toString(), whole, variable, file, null);
  }

  /** The template as a secret may be shown: the name of its only placeholder, or nothing. */
  static String masked(String template) {
    Matcher token = TOKEN.matcher(template);
    if (!token.matches() || token.group("body") == null) {
      return ShownValue.MASK;
    }
    String body = token.group("body");
    int colon = body.indexOf(':');
    boolean open = body.startsWith("file:") || colon < 0 || colon == body.length() - 1;
    return ShownValue.quoted(open ? template : "${" + body.substring(0, colon) + ":***}");
  }

  private Filled value(String body) {
    if (body.startsWith("file:")) {
      return fileText(body.substring("file:".length()));
    }
    int colon = body.indexOf(':');
    String name = colon < 0 ? body : body.substring(0, colon);
    if (!VARIABLE.matcher(name).matches()) {
      return wrong("${NAME}, ${NAME:default} or ${file:path}");
    }
    String value = environment.getOrDefault(name, "");
    if (!value.isEmpty()) {
      return new Filled(value, false, name, false, null);
    }
    return colon < 0
        ? wrong("the environment variable " + name + " to be set, or a default after a colon")
        : new Filled(body.substring(colon + 1), false, null, false, null);
  }

  private Filled fileText(String file) {
    try {
      Path path = baseDir.resolve(file).normalize();
      files.add(path);
      if (!Files.isRegularFile(path)) {
        return wrong("a file that exists");
      }
      if (Files.size(path) > MAX_FILE_BYTES) {
        return wrong("a file of at most 64 KiB");
      }
      return new Filled(withoutLineEnd(Files.readString(path)), false, null, true, null);
    } catch (IOException | InvalidPathException e) {
      return wrong("a readable file with UTF-8 text");
    }
  }

  private static String withoutLineEnd(String text) {
    if (text.endsWith("\r\n")) {
      return text.substring(0, text.length() - 2);
    }
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }

  private static Filled wrong(String expectation) {
    return new Filled(null, false, null, false, expectation);
  }
}
