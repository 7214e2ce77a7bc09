package com.huntaze.rollout.alert;

import com.huntaze.rollout.canary.Alert;
import java.util.Optional;

/**
 * The first thing to do about an alert, for somebody who was asleep a minute ago: a question to the
 * admin port, or what no command can do, and then a few words. {@code docs/alerts.md} has the same.
 *
 * @param path that is asked at the admin port, or null
 * @param words what it shows, or what to do instead
 */
record NextStep(String path, String words) {
  /** Empty = nothing is to be done. */
  static Optional<NextStep> of(Alert.Kind kind) {
    return switch (kind) {
      case ROLLBACK ->
          asked("/api/v1/rollbacks", "its evidence says why; mend Foundry, then start again");
      case PROVIDER_DOWN -> asked("/api/v1/providers", "says how the provider fails its probe");
      case BREAKER_OPEN -> asked("/api/v1/providers", "says how its last calls failed");
      case STATE_NOT_DURABLE -> told("look at the disk of state.dir: df -h, ls -ld");
      case STATE_DAMAGED ->
          told("look into state.dir; then begin a new epoch: POST /api/v1/canary/start");
      case THRESHOLD -> asked("/api/v1/metrics", "has each metric beside its limit");
      case HOLD -> asked("/api/v1/canary", "says in next what is missing");
      case PRICE_UNKNOWN -> told("add the model to the price file; it is taken up at once");
      case CONFIGURATION_REFUSED ->
          told("java -jar rollout-proxy.jar check --config FILE tells all of its problems");
      case CERTIFICATE_REFUSED ->
          told("openssl x509 -noout -dates -subject -in FILE of the file that it names");
      case TOKEN_REFUSED ->
          asked("/metrics", "rollout_provider_token_failing; then what the sentence names");
      case CONFIGURATION_DRIFT ->
          asked("/api/v1/cluster", "says in drift which replica differs; give it the same file");
      case CONVERSATIONS_LEFT,
          DRY_RUN,
          PROMOTION,
          ROLLBACK_OVER,
          BREAKER_CLOSED,
          PROVIDER_UP,
          STATE_DURABLE,
          CONFIGURATION_DRIFT_OVER,
          LEADERSHIP ->
          Optional.empty();
    };
  }

  private static Optional<NextStep> asked(String path, String words) {
    return Optional.of(new NextStep(path, words));
  }

  private static Optional<NextStep> told(String words) {
    return Optional.of(new NextStep(null, words));
  }

  /**
   * @param admin the address that is asked; empty = not known
   * @param asksForToken whether it needs a token, which stands in the environment
   */
  String text(String admin, boolean asksForToken) {
    if (path == null) {
      return words;
    }
    if (admin.isEmpty()) {
      return "GET %s at the admin port (%s)".formatted(path, words);
    }
    String token = asksForToken ? " -H \"Authorization: Bearer $ADMIN_TOKEN\"" : "";
    // A comment to the shell, so that the line may be pasted as it stands.
    return "curl -s %s%s%s  # %s".formatted(admin, path, token, words);
  }
}
