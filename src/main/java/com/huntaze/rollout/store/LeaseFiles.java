package com.huntaze.rollout.store;

import com.huntaze.rollout.lease.LeaseRecord;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lease in the state directory: {@code lease.json} is the latest record, and an empty-handed
 * {@code lease-<term>} for each term that was taken.
 *
 * <p>That a term's file can be created only once decides between challengers, also over NFS, where
 * {@code O_EXCL} is the server's. The record is always opened by the same name, which NFS asks the
 * server for at each open; that a file is <em>not</em> there it may remember for half a minute.
 */
final class LeaseFiles implements LeasePlace {
  static final String RECORD = "lease.json";

  /** A replica that sleeps must not find the term free that it was about to take. */
  private static final long KEPT_TERMS = 64;

  private static final Pattern CLAIM = Pattern.compile("lease-(\\d{1,18})");
  private static final String UNREADABLE = "unreadable";

  private final Path dir;
  private final DurableFiles files;
  private final String mine;

  /**
   * @param holder is part of a file's name
   */
  LeaseFiles(Path dir, String holder) {
    this.dir = dir;
    this.files = new DurableFiles(dir);
    // Not a name of stray files: a new leader deletes those of everybody.
    this.mine = ".lease-" + holder;
  }

  @Override
  public LeaseRecord read() throws IOException {
    try {
      byte[] bytes = files.read(RECORD);
      return bytes == null ? null : parsed(Envelope.open(bytes));
    } catch (DamagedException damage) {
      // It tells of somebody, though not of whom: to be waited for like anybody.
      return new LeaseRecord(0, UNREADABLE, 0, false);
    }
  }

  @Override
  public boolean claim(LeaseRecord first) throws IOException {
    String name = "lease-" + first.term();
    try {
      files.create(name, sealed(first));
      return true;
    } catch (FileAlreadyExistsException taken) {
      return false;
    }
  }

  @Override
  public void show(LeaseRecord record, boolean durable) throws IOException {
    Path temporary = files.path(mine);
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING),
            DurableFiles.OWNER_ONLY)) {
      ByteBuffer rest = ByteBuffer.wrap(sealed(record));
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      if (durable) {
        channel.force(true);
      }
    }
    Files.move(temporary, files.path(RECORD), StandardCopyOption.ATOMIC_MOVE);
    if (durable) {
      files.forceDirectory();
    }
  }

  /** A directory can be tried for at any time. */
  @Override
  public boolean mayTry() {
    return true;
  }

  @Override
  public LeaseRecord confirmed(long term) throws IOException {
    return read();
  }

  @Override
  public long highestClaim() throws IOException {
    long highest = 0;
    try (DirectoryStream<Path> claims = Files.newDirectoryStream(dir, "lease-*")) {
      for (Path claim : claims) {
        highest = Math.max(highest, term(claim));
      }
    }
    return highest;
  }

  @Override
  public void tidy(LeaseRecord present) {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(dir, "{lease-*,.lease-*}")) {
      for (Path each : left) {
        String name = each.getFileName().toString();
        long term = term(each);
        boolean old = term > 0 && term <= present.term() - KEPT_TERMS;
        if (old || name.startsWith(".lease-") && !name.equals(mine)) {
          DurableFiles.deleteQuietly(each);
        }
      }
    } catch (IOException later) {
      // The next lead tidies up.
    }
  }

  private static long term(Path claim) {
    Matcher name = CLAIM.matcher(claim.getFileName().toString());
    return name.matches() ? Long.parseLong(name.group(1)) : 0;
  }

  private static byte[] sealed(LeaseRecord record) {
    return Envelope.seal(
        new JsonObject()
            .put("term", record.term())
            .put("holder", record.holder())
            .put("beat", record.beat())
            .put("ended", record.ended())
            .encode());
  }

  private static LeaseRecord parsed(String body) throws DamagedException {
    try {
      JsonObject json = new JsonObject(body);
      return new LeaseRecord(
          json.getLong("term"),
          json.getString("holder"),
          json.getLong("beat"),
          json.getBoolean("ended"));
    } catch (DecodeException | ClassCastException | NullPointerException strange) {
      throw new DamagedException("it is whole, but no lease of this version: " + strange);
    }
  }
}
