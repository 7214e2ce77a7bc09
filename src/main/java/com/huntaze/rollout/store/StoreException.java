package com.huntaze.rollout.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** The state directory could not be used; the message says what is wrong with which file. */
final class StoreException extends IOException {
  private static final long serialVersionUID = 1L;

  StoreException(Path dir, Throwable cause) {
    super("state.dir %s: %s".formatted(dir, words(cause)), cause);
  }

  private static String words(Throwable cause) {
    if (cause instanceof AccessDeniedException denied) {
      return "%s may not be written by this user".formatted(denied.getFile());
    }
    if (cause instanceof NoSuchFileException gone) {
      return "%s is gone".formatted(gone.getFile());
    }
    if (cause instanceof NotDirectoryException) {
      return "it is no directory (expected: a directory, or nothing in its place)";
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
