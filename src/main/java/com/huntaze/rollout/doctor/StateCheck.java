package com.huntaze.rollout.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;

/** The state directory: there, ours alone, writable, whole, and with room. */
public final class StateCheck {
  private static final String NAME = "state";
  private static final long FEW_BYTES = 100L << 20;
  private static final long TOO_FEW_BYTES = 10L << 20;
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rwx------");
  private static final List<String> SHARED = List.of("nfs", "cifs", "smb", "9p", "fuse", "ceph");

  private final Path dir;
  private final Callable<StateFacts> facts;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * @param dir {@code null} = a temporary one is made at each start
   * @param facts what its files tell
   */
  public StateCheck(Path dir, Callable<StateFacts> facts) {
    this.dir = dir;
    this.facts = facts;
  }

  /** As a check. */
  public Check check() {
    return new Check(NAME, this::look);
  }

  private List<Finding> look() throws Exception {
    if (dir == null) {
      findings.add(
          Finding.warn(
              NAME,
              "a temporary directory, which is forgotten at the end, with every rollback",
              "state.dir with a directory that stays"));
    } else if (!Files.exists(dir)) {
      missing();
    } else if (!Files.isDirectory(dir)) {
      findings.add(
          Finding.fail(NAME, dir + " is no directory", "state.dir with a directory, or remove it"));
    } else {
      present();
    }
    return findings;
  }

  private void missing() throws IOException {
    Path above = dir;
    while (above != null && !Files.exists(above)) {
      above = above.getParent();
    }
    if (above == null || !Files.isDirectory(above) || !Files.isWritable(above)) {
      findings.add(
          Finding.fail(
              NAME,
              "%s is not there, and cannot be made in %s".formatted(dir, above),
              "mkdir -m 0700 %s, owned by the user that runs the proxy".formatted(dir)));
    } else {
      findings.add(Finding.ok(NAME, dir + " is made at the first start"));
      room(above);
    }
  }

  private void present() throws Exception {
    if (!Files.isWritable(dir) || !Files.isExecutable(dir) || !Files.isReadable(dir)) {
      findings.add(
          Finding.fail(
              NAME,
              dir + " cannot be written by this user",
              "chown it to the user that runs the proxy"));
      return;
    }
    if (!writes()) {
      return;
    }
    StateFacts told = facts.call();
    told.damages().forEach(this::damaged);
    if (told.damages().isEmpty()) {
      findings.add(
          Finding.ok(
              NAME, told.standing().isEmpty() ? dir + ", empty" : dir + ": " + told.standing()));
    }
    permissions();
    leader();
    room(dir);
  }

  /**
   * Tries to write: a file that may be written by its bits can be on a file system that is
   * read-only or full.
   */
  private boolean writes() {
    try {
      Path probe = Files.createTempFile(dir, "doctor", ".probe");
      try {
        Files.write(probe, new byte[4_096]);
      } finally {
        Files.delete(probe);
      }
      return true;
    } catch (IOException refused) {
      findings.add(
          Finding.fail(
              NAME,
              "%s: nothing can be written: %s".formatted(dir, refused.getMessage()),
              "a file system with room that is not read-only"));
      return false;
    }
  }

  private void damaged(String damage) {
    findings.add(
        Finding.fail(
            NAME,
            damage,
            "look at the file before it (state.previous.json); a start goes on at 0 % and keeps the"
                + " damaged one"));
  }

  private void permissions() throws IOException {
    try {
      Set<PosixFilePermission> found = Files.getPosixFilePermissions(dir);
      String text = PosixFilePermissions.toString(found);
      findings.add(
          OWNER.containsAll(found)
              ? Finding.ok("state permissions", text)
              : Finding.warn(
                  "state permissions", text + " (expected: rwx------)", "chmod 0700 " + dir));
    } catch (UnsupportedOperationException notPosix) {
      findings.add(Finding.ok("state permissions", "this file system has none"));
    }
  }

  private void leader() {
    findings.add(
        FileLocks.holder(dir.resolve("state.lock"))
            .map(pid -> Finding.ok("state lock", "process %d leads".formatted(pid)))
            .orElseGet(() -> Finding.ok("state lock", "nobody on this machine leads")));
  }

  private void room(Path where) throws IOException {
    FileStore store = Files.getFileStore(where);
    long bytes = store.getUsableSpace();
    String seen = "%d MB free on %s".formatted(bytes >> 20, store.type());
    String type = store.type().toLowerCase(Locale.ROOT);
    if (bytes < TOO_FEW_BYTES) {
      findings.add(Finding.fail("state space", seen, "room: a state that is not durable is lost"));
    } else if (bytes < FEW_BYTES) {
      findings.add(Finding.warn("state space", seen, "room, before writes fail"));
    } else if (SHARED.stream().anyMatch(type::startsWith)) {
      findings.add(
          Finding.warn(
              "state space",
              seen + ", a shared file system",
              "make sure that its locks hold between machines (NFS 4, not 3 without lockd)"));
    } else {
      findings.add(Finding.ok("state space", seen));
    }
  }
}
