package com.huntaze.rollout.store;

import com.huntaze.rollout.canary.CanaryMachine;
import com.huntaze.rollout.canary.Command;
import com.huntaze.rollout.canary.Effect;
import com.huntaze.rollout.canary.Epoch;
import com.huntaze.rollout.canary.Input;
import com.huntaze.rollout.canary.Ladder;
import com.huntaze.rollout.canary.MachineSettings;
import com.huntaze.rollout.canary.Rollout;
import com.huntaze.rollout.canary.RolloutStore;
import com.huntaze.rollout.canary.RolloutStore.Recovered;
import com.huntaze.rollout.canary.StageSettings;
import com.huntaze.rollout.canary.Time;
import com.huntaze.rollout.provider.ProviderMode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * A small program around the store and the machine, to be killed: it carries out twenty
 * transitions, over and over when told so, and prints each before it begins and when it is
 * acknowledged. With a third argument it waits for its parent once it has recovered.
 */
final class TransitionScript {
  static final List<Command> SCRIPT =
      List.of(
          start(),
          advance(),
          pause(),
          resume(),
          advance(),
          rollback(),
          start(),
          set(30),
          set(5),
          advance(),
          rollback(),
          reset(),
          start(),
          advance(),
          set(20),
          start(),
          advance(),
          rollback(),
          start(),
          advance());

  private static final Ladder LADDER =
      Ladder.of(
          List.of(
              new StageSettings("canary_10", 10, Duration.ofHours(24)),
              new StageSettings("canary_50", 50, Duration.ofHours(48)),
              new StageSettings("full", 100, null)));

  private final CanaryMachine machine =
      new CanaryMachine(
          LADDER, new MachineSettings(ProviderMode.CANARY, 60_000, 5_000, 5_000, 600_000), "a");
  private final RolloutStore store;
  private Rollout state;
  private String answer = "";

  private TransitionScript(RolloutStore store) {
    this.store = store;
  }

  public static void main(String[] args) throws IOException {
    TransitionScript script = new TransitionScript(new FileStore(Path.of(args[0])));
    script.recover();
    if (args.length > 2) {
      System.in.read();
    }
    int rounds = Integer.parseInt(args[1]);
    for (int round = 0; round < rounds; round++) {
      SCRIPT.forEach(script::order);
    }
    System.out.println("END");
    System.exit(0);
  }

  private void recover() {
    Recovered found = store.open().toCompletableFuture().join();
    state = recovered(found);
    found.markers().forEach(marker -> tell(new Input.MarkerSeen(marker)));
    tell(new Input.Leads(found.term(), found.saved()));
    print("RECOVERED");
  }

  /** Returns the beginning of a restart. */
  static Rollout recovered(Recovered found) {
    if (found.damage().isPresent()) {
      return Rollout.damaged(
          new Epoch(found.newestEpoch() + 1, "a"), found.damage().get(), new Time(0, 0));
    }
    return found.saved().map(Rollout::following).orElseGet(Rollout::unknown);
  }

  private void order(Command command) {
    print("BEGIN " + command.getClass().getSimpleName());
    tell(new Input.Ordered(command, 1));
    print(answer);
  }

  private void print(String what) {
    System.out.println(
        "%s %d %d %d %d"
            .formatted(
                what.replace(' ', '_'),
                state.snapshot().epoch().number(),
                state.snapshot().position().seq(),
                state.snapshot().percentage(),
                state.snapshot().rolledBack() ? 1 : 0));
  }

  private void tell(Input input) {
    List<Effect> effects = step(input);
    for (Effect effect : effects) {
      if (effect instanceof Effect.Persist persist) {
        done(
            store.write(persist.saved()),
            new Input.Written(persist.write()),
            new Input.NotWritten(persist.write(), "failed"));
      } else if (effect instanceof Effect.Mark mark) {
        Epoch epoch = mark.rollback().after().epoch();
        done(
            store.mark(mark.rollback()),
            new Input.Marked(epoch),
            new Input.NotMarked(epoch, "failed"));
      } else if (effect instanceof Effect.Done) {
        answer = "ACK";
      } else if (effect instanceof Effect.Refused) {
        answer = "REFUSED";
      }
    }
  }

  private List<Effect> step(Input input) {
    long now = System.nanoTime() / 1_000_000;
    var step = machine.step(state, input, new Time(now, System.currentTimeMillis()));
    state = step.after();
    return step.effects();
  }

  private void done(CompletionStage<Void> work, Input well, Input failed) {
    Optional<Input> ended = Optional.of(well);
    try {
      work.toCompletableFuture().join();
    } catch (CompletionException failure) {
      ended = Optional.of(failed);
    }
    tell(ended.get());
  }

  private static Command start() {
    return new Command.Start("me", "");
  }

  private static Command advance() {
    return new Command.Advance("me", "");
  }

  private static Command pause() {
    return new Command.Pause("me", "");
  }

  private static Command resume() {
    return new Command.Resume("me", "");
  }

  private static Command rollback() {
    return new Command.Rollback("me", "");
  }

  private static Command reset() {
    return new Command.Reset("me", "");
  }

  private static Command set(int percentage) {
    return new Command.SetPercentage(percentage, "me", "");
  }
}
