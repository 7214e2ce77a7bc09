package com.huntaze.rollout.alert;

import com.huntaze.rollout.canary.Alert;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The first thing to do about an alert, for somebody who was asleep a minute ago: a command for a
 * shell, which may be pasted as it stands, and behind it a few words. {@code docs/alerts.md} has
 * the same.
 *
 * @param tool of the command
 * @param path that is asked at the admin port; empty = another tool
 * @param metric the one of many that matters, of {@code /metrics}; empty = all of the answer
 * @param words what it shows, and what to do then
 */
record NextStep(Tool tool, String path, String metric, String words) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+,=-]+");

  /** The tools that a command is made of. */
  enum Tool {
    /** A question to the admin port, from anywhere. */
    ASK,
    /** A look into the state directory, where there is an {@code ls}: the image has none. */
    LIST_STATE,
    /** The check of the configuration, on the replica's machine or in its container. */
    CHECK
  }

  /** Empty = nothing is to be done. */
  static Optional<NextStep> of(Alert.Kind kind) {
    return switch (kind) {
      case ROLLBACK ->
          asked("/api/v1/rollbacks", "its evidence says why; mend Foundry, then start again");
      case PROVIDER_DOWN -> asked("/api/v1/providers", "says how the provider fails its probe");
      case BREAKER_OPEN -> counted("rollout_attempts_total", "says by outcome how its calls fail");
      case STATE_NOT_DURABLE ->
          asked("/api/v1/canary", "next says whether it lasts; look at the disk of state.dir");
      case STATE_DAMAGED ->
          here(
              Tool.LIST_STATE,
              "state.damaged.json is what could not be read, state.previous.json what was before it;"
                  + " POST /api/v1/canary/start begins a new epoch");
      case THRESHOLD -> asked("/api/v1/metrics", "has each metric beside its limit");
      case HOLD -> asked("/api/v1/canary", "says in next what is missing");
      case PRICE_UNKNOWN ->
          asked(
              "/api/v1/costs?by=model",
              "shows whose cost is unknown; add the model to the price file, it is taken up at"
                  + " once");
      case CONFIGURATION_REFUSED -> here(Tool.CHECK, "tells all of its problems");
      case CERTIFICATE_REFUSED ->
          here(Tool.CHECK, "tells which file does not fit; put the right one in its place");
      case TOKEN_REFUSED ->
          counted(
              "rollout_provider_token_failing",
              "1 = there is no new one yet; look at what the sentence names");
      case CONFIGURATION_DRIFT ->
          asked("/api/v1/cluster", "says in drift which replica differs; give it the same file");
      case CLUSTER_PARTED ->
          asked(
              "/api/v1/cluster",
              "says in missing who is not heard; start what was killed, or mend the way to its"
                  + " cluster port");
      case CONVERSATIONS_LEFT,
          DRY_RUN,
          PROMOTION,
          THRESHOLD_OVER,
          HOLD_OVER,
          ROLLBACK_OVER,
          BREAKER_CLOSED,
          PROVIDER_UP,
          STATE_DURABLE,
          CONFIGURATION_DRIFT_OVER,
          CLUSTER_PARTED_OVER,
          LEADERSHIP ->
          Optional.empty();
    };
  }

  private static Optional<NextStep> asked(String path, String words) {
    return Optional.of(new NextStep(Tool.ASK, path, "", words));
  }

  private static Optional<NextStep> counted(String metric, String words) {
    return Optional.of(new NextStep(Tool.ASK, "/metrics", metric, words));
  }

  private static Optional<NextStep> here(Tool tool, String words) {
    return Optional.of(new NextStep(tool, "", "", words));
  }

  /** The command and its words. Where the process knows no command for itself: the words. */
  String text(AlertHome home) {
    return switch (tool) {
      case ASK -> asking(home);
      case LIST_STATE ->
          home.stateDir().isEmpty()
              ? "look into state.dir: " + words
              : commented("ls -la " + quoted(home.stateDir()));
      case CHECK ->
          home.check().isEmpty() ? "check the configuration: it " + words : commented(line(home));
    };
  }

  private String asking(AlertHome home) {
    if (home.admin().isEmpty()) {
      return "GET %s at the admin port (%s)".formatted(path, words);
    }
    String token = home.asksForToken() ? " -H \"Authorization: Bearer $ADMIN_TOKEN\"" : "";
    String filter = metric.isEmpty() ? "" : " | grep ^" + metric;
    return commented("curl -sS " + quoted(home.admin() + path) + token + filter);
  }

  /**
   * A comment to the shell, so that the line may be pasted as it stands; to one that takes none, as
   * an interactive zsh, no command of its own.
   */
  private String commented(String command) {
    return command + "  # " + words.replace(';', ',');
  }

  private static String line(AlertHome home) {
    List<String> check = home.check();
    return check.stream().map(NextStep::quoted).collect(Collectors.joining(" "));
  }

  /** One word to a shell, whatever is in it. */
  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
