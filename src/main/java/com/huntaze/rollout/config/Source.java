package com.huntaze.rollout.config;

import java.util.Locale;

/**
 * The origin of a value.
 *
 * @param kind the layer
 * @param name the file, address, variable or flag; empty for defaults and for a document of an
 *     embedder
 */
public record Source(Kind kind, String name) {
  /** The layers, weakest first. */
  public enum Kind {
    /** Nobody said anything. */
    DEFAULT,
    /** A configuration file. */
    FILE,
    /** An address that was asked. */
    ADDRESS,
    /** A document that an embedder handed over. */
    DOCUMENT,
    /** An environment variable. */
    ENVIRONMENT,
    /** A flag of the command line. */
    FLAG
  }

  /** The built-in default. */
  public static final Source DEFAULT = new Source(Kind.DEFAULT, "");

  /** A document that an embedder handed over. */
  public static final Source DOCUMENT = new Source(Kind.DOCUMENT, "");

  static Source file(String name) {
    return new Source(Kind.FILE, name);
  }

  static Source address(String name) {
    return new Source(Kind.ADDRESS, name);
  }

  static Source environment(String variable) {
    return new Source(Kind.ENVIRONMENT, variable);
  }

  static Source flag(String flag) {
    return new Source(Kind.FLAG, flag);
  }

  /** For example {@code default}, {@code file conf/proxy.json}, {@code environment AI_PROVIDER}. */
  @Override
  public String toString() {
    String layer = kind.name().toLowerCase(Locale.ROOT);
    return name.isEmpty() ? layer : layer + " " + name;
  }
}
