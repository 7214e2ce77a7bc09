package com.huntaze.rollout.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** The reason why a file cannot be read. The platform's own message is often its path alone. */
final class Unreadable {
  private Unreadable() {}

  /** For example {@code not readable: permission denied}; without a path. */
  static String sentence(IOException failure) {
    return "not readable: " + reason(failure);
  }

  private static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof NoSuchFileException) {
      return "no such file";
    }
    String reason =
        failure instanceof FileSystemException of ? of.getReason() : failure.getMessage();
    return reason == null ? failure.getClass().getSimpleName() : reason;
  }
}
