package com.huntaze.rollout.cluster;

import com.huntaze.rollout.lease.AgreedEntry;
import java.util.Map;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.LogEntry;

/** A process that writes five entries of a voters' log, and tells of each whether it was taken. */
final class ForcedLogScript {
  private static final int ENTRIES = 5;

  private ForcedLogScript() {}

  /**
   * @param args the log's directory
   */
  public static void main(String[] args) throws Exception {
    ForcedLog log = new ForcedLog();
    log.init(args[0], Map.of());
    log.currentTerm(1);
    for (int i = 1; i <= ENTRIES; i++) {
      byte[] entry = new AgreedEntry.Confirm(i).encode();
      System.out.println((taken(log, i, entry) ? "taken " : "refused ") + i);
    }
  }

  private static boolean taken(ForcedLog log, int index, byte[] entry) {
    try {
      log.append(index, LogEntries.create(new LogEntry(1, entry)));
      return true;
    } catch (IllegalStateException | java.io.UncheckedIOException refused) {
      return false;
    }
  }
}
