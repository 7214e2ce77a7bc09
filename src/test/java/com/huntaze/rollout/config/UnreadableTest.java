package com.huntaze.rollout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class UnreadableTest {
  @Test
  void saysWhyAndNotOnlyWhere() {
    assertThat(Unreadable.sentence(new AccessDeniedException("/etc/x")))
        .isEqualTo("not readable: permission denied");
    assertThat(Unreadable.sentence(new NoSuchFileException("/etc/x")))
        .isEqualTo("not readable: no such file");
    assertThat(Unreadable.sentence(new FileSystemException("/etc/x", null, "Is a directory")))
        .isEqualTo("not readable: Is a directory");
    assertThat(Unreadable.sentence(new FileSystemException("/etc/x")))
        .isEqualTo("not readable: FileSystemException");
    assertThat(Unreadable.sentence(new IOException("Stale file handle")))
        .isEqualTo("not readable: Stale file handle");
  }
}
