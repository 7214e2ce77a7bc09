package com.huntaze.rollout.quota;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Replicas in virtual time that have one limit in common: what they tell each other takes its time,
 * and whoever is gone is seen to be gone later.
 *
 * @param <L> the limit, as each of them has it
 */
public final class FleetInTime<L extends SharedLimit> {
  private static final long TICK_MILLIS = 250;
  private static final long LOOK_MILLIS = 50;
  private static final long LINE_MILLIS = 5;
  private static final long DEAD_SEEN_MILLIS = 1_000;
  private static final long SILENT_SEEN_MILLIS = 4_000;

  private final Supplier<L> maker;
  private final List<Replica> replicas = new ArrayList<>();
  private final Deque<Due> due = new ArrayDeque<>();
  private long now;

  private record Due(long atMillis, Runnable run) {}

  /** A replica. */
  private final class Replica {
    private final int number = replicas.size();
    private final L limit = maker.get();
    private final FleetQuota<Integer> quota = new FleetQuota<>("replica-" + number);
    private final Borrowing<Integer> borrowing = new Borrowing<>();
    private final Set<Integer> seen = new HashSet<>();
    private int leftInOrder;
    private boolean runs = true;
    private int side;

    private void tick() {
      SharedLimits limits =
          new SharedLimits() {
            @Override
            public List<SharedLimit> all() {
              return List.of(limit);
            }

            @Override
            public void replicas(int count) {
              // No other limit comes into force.
            }
          };
      int left = leftInOrder;
      leftInOrder = 0;
      Optional<FleetQuota.Demands> told = quota.tick(limits, seen, left, now);
      told.ifPresent(demands -> after(LINE_MILLIS, () -> tell(demands)));
    }

    private void borrow() {
      borrowing.look(List.of(limit), List.copyOf(seen), now).forEach(this::ask);
    }

    private void ask(Borrowing.Question<Integer> question) {
      Replica other = replicas.get(question.to());
      after(
          LINE_MILLIS,
          () -> {
            if (other.runs && other.side == side) {
              List<SharedLimit> theirs = List.of(other.limit);
              long lent = Borrowing.lend(theirs, question.name(), question.need(), question.room());
              after(LINE_MILLIS, () -> lent(other, question, lent));
            }
          });
    }

    private void lent(Replica other, Borrowing.Question<Integer> question, long count) {
      if (runs && other.side == side) {
        borrowing
            .lent(other.number, question.name(), count, List.copyOf(seen), now)
            .ifPresent(this::ask);
      }
    }

    private void tell(FleetQuota.Demands demands) {
      for (Replica each : replicas) {
        if (each.seen.contains(number) && each.runs && each.side == side) {
          each.quota.told(number, demands);
        }
      }
    }

    private void loses(int other, boolean inOrder) {
      if (seen.remove(other) && inOrder) {
        leftInOrder++;
      }
    }
  }

  /** So many replicas that have found each other a while ago. */
  public FleetInTime(int count, Supplier<L> maker) {
    this.maker = maker;
    for (int i = 0; i < count; i++) {
      join();
    }
    pass(2_000);
  }

  private void after(long millis, Runnable run) {
    due.add(new Due(now + millis, run));
  }

  /** Another one joins; returns its number. */
  public int join() {
    Replica joins = new Replica();
    for (Replica each : replicas) {
      if (each.runs && each.side == joins.side) {
        each.seen.add(joins.number);
        joins.seen.add(each.number);
      }
    }
    replicas.add(joins);
    // The view is there before the first request is taken.
    joins.tick();
    return joins.number;
  }

  /** It ends in order. */
  public void leave(int replica) {
    replicas.get(replica).runs = false;
    replicas.forEach(each -> each.loses(replica, true));
  }

  /** It is killed. */
  public void kill(int replica) {
    replicas.get(replica).runs = false;
    after(DEAD_SEEN_MILLIS, () -> replicas.forEach(each -> each.loses(replica, false)));
  }

  /** It stands still. */
  public void stop(int replica) {
    replicas.get(replica).runs = false;
    after(SILENT_SEEN_MILLIS, () -> replicas.forEach(each -> each.loses(replica, false)));
  }

  /** The first ones are cut off from the others. */
  public void cut(int first) {
    replicas.forEach(each -> each.side = each.number < first ? 1 : 0);
    after(
        SILENT_SEEN_MILLIS,
        () ->
            replicas.forEach(
                each ->
                    replicas.stream()
                        .filter(other -> other.side != each.side)
                        .forEach(other -> each.loses(other.number, false))));
  }

  /** All reach each other again. */
  public void heal() {
    for (Replica each : replicas) {
      each.side = 0;
      replicas.stream()
          .filter(other -> other != each && other.runs)
          .forEach(other -> each.seen.add(other.number));
    }
  }

  /** Time goes by. */
  public void pass(long millis) {
    for (long end = now + millis; now < end; now++) {
      int waiting = due.size();
      for (int i = 0; i < waiting; i++) {
        Due each = due.removeFirst();
        if (each.atMillis() <= now) {
          each.run().run();
        } else {
          due.addLast(each);
        }
      }
      for (Replica each : replicas) {
        // Not all at once.
        if (each.runs && (now + 37L * each.number) % TICK_MILLIS == 0) {
          each.tick();
        }
        if (each.runs && (now + 37L * each.number) % LOOK_MILLIS == 0) {
          each.borrow();
        }
      }
    }
  }

  public long millis() {
    return now;
  }

  public boolean runs(int replica) {
    return replicas.get(replica).runs;
  }

  public int count() {
    return replicas.size();
  }

  /** The limit at one of them. */
  public L at(int replica) {
    return replicas.get(replica).limit;
  }
}
