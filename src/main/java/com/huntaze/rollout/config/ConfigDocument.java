package com.huntaze.rollout.config;

import java.nio.file.Path;

/**
 * One document of a configuration, which may be laid over others.
 *
 * @param name what it is called in problems
 * @param text its JSON, not read yet
 * @param source the source of its values
 * @param file the whole path of a file that lies among others; {@code null} = it is none
 */
record ConfigDocument(String name, String text, Source source, Path file) {
  /** A document that does not lie among others. */
  ConfigDocument(String name, String text, Source source) {
    this(name, text, source, null);
  }
}
