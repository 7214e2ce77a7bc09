package com.huntaze.rollout.simulate;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.provider.SimulationAddresses;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What the keys of a terminal do to a simulation: the same as the dashboard's buttons, over the
 * same event bus. Nothing in here waits; keys come from one thread.
 */
public final class DemoKeys {
  private static final long SOON_MILLIS = 5_000;
  private static final String ACTOR = "terminal";
  private static final String NONE = "none";

  /** The faults by the key that chooses them, and what each is called. */
  private static final Map<Character, String[]> FAULTS = faults();

  private final Bus bus;
  private final Consumer<String> say;
  private final String dashboard;
  private final Runnable quit;
  private boolean choosing;

  /**
   * @param say tells people a line; any thread may call it
   * @param dashboard where it is
   * @param quit ends the process
   */
  public DemoKeys(Bus bus, Consumer<String> say, String dashboard, Runnable quit) {
    this.bus = bus;
    this.say = say;
    this.dashboard = dashboard;
    this.quit = quit;
  }

  private static Map<Character, String[]> faults() {
    Map<Character, String[]> faults = new LinkedHashMap<>();
    faults.put('1', new String[] {"errors", "errors"});
    faults.put('2', new String[] {"throttle", "429 storm"});
    faults.put('3', new String[] {"slow", "slow first token"});
    faults.put('4', new String[] {"cut", "cut streams"});
    faults.put('5', new String[] {"junk", "broken JSON"});
    faults.put('6', new String[] {"hang", "hang"});
    return faults;
  }

  /** The keys in one line. */
  public static String help() {
    return "keys: [f] break Foundry  [r] repair  [p] pause or resume  [a] roll back  [s] start again"
        + "  [d] dashboard  [h] help  [q] quit";
  }

  /** A key was pressed. One that means nothing is ignored. */
  public void pressed(char key) {
    if (choosing) {
      choosing = false;
      if (FAULTS.containsKey(key)) {
        breakBy(FAULTS.get(key)[0]);
        return;
      }
    }
    switch (Character.toLowerCase(key)) {
      case 'f' -> choose();
      case 'r' -> breakBy(NONE);
      case 'p' -> pauseOrResume();
      case 'a' -> order("rollback");
      case 's' -> order("start");
      case 'd' -> say.accept("Dashboard: " + dashboard);
      case 'h', '?' -> say.accept(help());
      case 'q' -> quit.run();
      default -> {
        // Not one of ours.
      }
    }
  }

  private void choose() {
    choosing = true;
    say.accept(
        FAULTS.entrySet().stream()
            .map(fault -> "[%c] %s".formatted(fault.getKey(), fault.getValue()[1]))
            .collect(Collectors.joining("  ", "Break Foundry: ", "")));
  }

  /** The switch logs what it does. */
  private void breakBy(String fault) {
    tellFailure(
        bus.ask(SimulationAddresses.BREAK, new JsonObject().put("fault", fault), SOON_MILLIS));
  }

  private void pauseOrResume() {
    tellFailure(
        bus.<JsonObject>ask(CanaryAddresses.GET, null, SOON_MILLIS)
            .compose(state -> command(state.getBoolean("paused", false) ? "resume" : "pause")));
  }

  /** The rollout logs what it does. */
  private void order(String command) {
    tellFailure(command(command));
  }

  private Future<JsonObject> command(String command) {
    JsonObject body =
        new JsonObject()
            .put("command", command)
            .put("actor", ACTOR)
            .put("reason", "a key was pressed");
    return bus.ask(CanaryAddresses.COMMAND, body, SOON_MILLIS);
  }

  /** What is refused is in the log; that nobody has answered is not. */
  private void tellFailure(Future<?> deed) {
    deed.onFailure(
        failure -> {
          if (!(failure instanceof ReplyException refused) || refused.failureCode() <= 0) {
            say.accept("nobody has answered: " + failure.getMessage());
          }
        });
  }
}
