package com.huntaze.rollout.store;

import com.huntaze.rollout.canary.UndecidedException;
import com.huntaze.rollout.lease.Agreed;
import com.huntaze.rollout.lease.AgreedEntry;
import com.huntaze.rollout.lease.AgreedLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The state that the voters have agreed upon. */
final class AgreedCommons implements Commons {
  private static final Logger LOG = LoggerFactory.getLogger(AgreedCommons.class);

  /** A state is larger than a beat, and people wait for the answer. */
  private static final long LONGEST_MILLIS = 2_000;

  private final AgreedLog log;

  /** Markers that were written here because others had told of them. */
  private final Set<String> received = new HashSet<>();

  /** The things told to the voters, by name: they are told again until they are taken. */
  private final Map<String, CompletableFuture<Boolean>> told = new HashMap<>();

  AgreedCommons(AgreedLog log) {
    this.log = log;
  }

  @Override
  public boolean decide(long term, byte[] state) throws IOException {
    String text = new String(state, StandardCharsets.UTF_8);
    if (!decided(new AgreedEntry.Decide(term, text))) {
      throw new IOException("another replica leads (the voters know of a term after " + term + ")");
    }
    return true;
  }

  private boolean decided(AgreedEntry entry) throws UndecidedException {
    try {
      return AgreedPlace.agreed(log, entry, LONGEST_MILLIS);
    } catch (IOException unknown) {
      throw new UndecidedException(unknown.getMessage(), unknown);
    }
  }

  @Override
  public Optional<byte[]> state() {
    String state = log.agreed().state();
    return state.isEmpty() ? Optional.empty() : Optional.of(state.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void exchange(Markers markers, Written written) throws IOException {
    Agreed now = log.agreed();
    for (Map.Entry<String, String> each : now.markers().entrySet()) {
      if (!received.contains(each.getKey())) {
        receive(markers, each.getKey(), each.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    for (Map.Entry<String, byte[]> each : markers.all().entrySet()) {
      if (!now.markers().containsKey(each.getKey())) {
        String marker = new String(each.getValue(), StandardCharsets.UTF_8);
        tell(each.getKey(), new AgreedEntry.Mark(each.getKey(), marker));
      }
    }
    // What was kept from before there was a log must not be forgotten for that.
    if (written.term() > now.term()) {
      String state = new String(written.state(), StandardCharsets.UTF_8);
      tell("state", new AgreedEntry.Offer(written.term(), state));
    }
  }

  /** A disk that cannot keep a marker keeps nobody from following what is decided. */
  private void receive(Markers markers, String name, byte[] marker) {
    try {
      markers.receive(name, marker);
      received.add(name);
    } catch (IOException full) {
      LOG.debug("The marker {} is not kept here yet: {}", name, full.toString());
    }
  }

  private void tell(String name, AgreedEntry entry) {
    CompletableFuture<Boolean> before = told.get(name);
    if (before == null || before.isDone() && before.isCompletedExceptionally()) {
      // Who orders the entries may die with the question: no answer is none, and it is asked again.
      told.put(
          name,
          log.append(entry).toCompletableFuture().orTimeout(LONGEST_MILLIS, TimeUnit.MILLISECONDS));
    }
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public void onChange(Runnable heard) {
    log.onChange(heard);
  }
}
