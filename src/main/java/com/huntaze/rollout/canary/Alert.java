package com.huntaze.rollout.canary;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A message that people get without having asked. Its texts are one line each, of bounded length
 * and free of control characters, whoever has had a hand in them: a model's name comes from a
 * provider's answer.
 *
 * @param kind what it is about
 * @param subject what it speaks of; alerts of one kind, subject and occasion are one
 * @param occasion which of several it is, such as a rollback's epoch and number; empty = any
 * @param sentence action, subject, measure, actual, comparator, limit
 * @param at wall clock in milliseconds
 */
public record Alert(Kind kind, String subject, String occasion, String sentence, long at) {
  /** The most characters of a sentence. */
  public static final int SENTENCE_CHARACTERS = 1_000;

  /** The most characters of a subject or an occasion. */
  public static final int SUBJECT_CHARACTERS = 120;

  private static final String CANARY = "canary foundry";

  /** The kinds of alerts, each with its severity. */
  public enum Kind {
    ROLLBACK(Severity.CRITICAL),
    ROLLBACK_OVER(Severity.INFO),
    PROMOTION(Severity.INFO),
    THRESHOLD(Severity.WARNING),
    THRESHOLD_OVER(Severity.INFO),
    HOLD(Severity.WARNING),
    HOLD_OVER(Severity.INFO),
    DRY_RUN(Severity.INFO),
    CONVERSATIONS_LEFT(Severity.WARNING),
    BREAKER_OPEN(Severity.WARNING),
    BREAKER_CLOSED(Severity.INFO),
    PROVIDER_DOWN(Severity.CRITICAL),
    PROVIDER_UP(Severity.INFO),
    PRICE_UNKNOWN(Severity.WARNING),
    STATE_NOT_DURABLE(Severity.CRITICAL),
    STATE_DURABLE(Severity.INFO),
    STATE_DAMAGED(Severity.CRITICAL),
    CONFIGURATION_REFUSED(Severity.WARNING),
    CERTIFICATE_REFUSED(Severity.WARNING),
    TOKEN_REFUSED(Severity.WARNING),
    CONFIGURATION_DRIFT(Severity.WARNING),
    CONFIGURATION_DRIFT_OVER(Severity.INFO),
    CLUSTER_PARTED(Severity.WARNING),
    CLUSTER_PARTED_OVER(Severity.INFO),
    LEADERSHIP(Severity.INFO);

    private static final Map<String, Kind> BY_LABEL =
        Stream.of(values()).collect(Collectors.toUnmodifiableMap(Kind::label, Function.identity()));

    private final Severity severity;

    Kind(Severity severity) {
      this.severity = severity;
    }

    /** The kind of a label; empty when there is none. */
    public static Optional<Kind> of(String label) {
      return Optional.ofNullable(BY_LABEL.get(label));
    }

    /** Returns the severity. */
    public Severity severity() {
      return severity;
    }

    /** The name on the wire: {@code state_not_durable}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns whether it is of the rollout or its cluster, which are one for all replicas, and not
     * of what a replica sees of itself.
     */
    public boolean ofRollout() {
      return switch (this) {
        case ROLLBACK,
            ROLLBACK_OVER,
            PROMOTION,
            THRESHOLD,
            THRESHOLD_OVER,
            HOLD,
            HOLD_OVER,
            DRY_RUN,
            CLUSTER_PARTED,
            CLUSTER_PARTED_OVER ->
            true;
        case CONVERSATIONS_LEFT,
            BREAKER_OPEN,
            BREAKER_CLOSED,
            PROVIDER_DOWN,
            PROVIDER_UP,
            PRICE_UNKNOWN,
            STATE_NOT_DURABLE,
            STATE_DURABLE,
            STATE_DAMAGED,
            CONFIGURATION_REFUSED,
            CERTIFICATE_REFUSED,
            TOKEN_REFUSED,
            CONFIGURATION_DRIFT,
            CONFIGURATION_DRIFT_OVER,
            LEADERSHIP ->
            false;
      };
    }

    /** Returns whether the log has it anyway, as a transition. */
    public boolean transition() {
      return this == ROLLBACK || this == PROMOTION;
    }

    /**
     * Returns the kind that is over when this one begins: an open breaker, when it closes. Empty =
     * none.
     */
    public Optional<Kind> opposite() {
      return Optional.ofNullable(
          switch (this) {
            case THRESHOLD -> THRESHOLD_OVER;
            case THRESHOLD_OVER -> THRESHOLD;
            case HOLD -> HOLD_OVER;
            case HOLD_OVER -> HOLD;
            case BREAKER_OPEN -> BREAKER_CLOSED;
            case BREAKER_CLOSED -> BREAKER_OPEN;
            case PROVIDER_DOWN -> PROVIDER_UP;
            case PROVIDER_UP -> PROVIDER_DOWN;
            case STATE_NOT_DURABLE -> STATE_DURABLE;
            case STATE_DURABLE -> STATE_NOT_DURABLE;
            case CONFIGURATION_DRIFT -> CONFIGURATION_DRIFT_OVER;
            case CONFIGURATION_DRIFT_OVER -> CONFIGURATION_DRIFT;
            case CLUSTER_PARTED -> CLUSTER_PARTED_OVER;
            case CLUSTER_PARTED_OVER -> CLUSTER_PARTED;
            case ROLLBACK,
                ROLLBACK_OVER,
                PROMOTION,
                DRY_RUN,
                CONVERSATIONS_LEFT,
                PRICE_UNKNOWN,
                STATE_DAMAGED,
                CONFIGURATION_REFUSED,
                CERTIFICATE_REFUSED,
                TOKEN_REFUSED,
                LEADERSHIP ->
                null;
          });
    }
  }

  /** Makes the texts fit for a line. */
  public Alert {
    subject = AlertText.line(subject, SUBJECT_CHARACTERS);
    occasion = AlertText.line(occasion, SUBJECT_CHARACTERS);
    sentence = AlertText.line(sentence, SENTENCE_CHARACTERS);
  }

  /** An alert whose subject says it all. */
  public static Alert of(Kind kind, String subject, String sentence, long at) {
    return new Alert(kind, subject, "", sentence, at);
  }

  /** Of a change of the rollout: each is one of its own. */
  static Alert of(Kind kind, Transition transition, long at) {
    CanarySnapshot after = transition.after();
    long seq = after.rolledBack() ? after.rollback().seq() : after.position().seq();
    String occasion = "epoch %s, change %d".formatted(after.epoch(), seq);
    return new Alert(kind, CANARY, occasion, transition.sentence(), at);
  }

  /** Of what was found at a stage: another stage is another occasion. */
  static Alert at(Kind kind, CanarySnapshot snapshot, String sentence, long at) {
    String occasion = "epoch %s, stage %d".formatted(snapshot.epoch(), snapshot.stage());
    return new Alert(kind, CANARY, occasion, sentence, at);
  }

  /** Of one of several things that were found at a stage. */
  static Alert at(Kind kind, CanarySnapshot snapshot, String topic, String sentence, long at) {
    String occasion = "epoch %s, stage %d, %s".formatted(snapshot.epoch(), snapshot.stage(), topic);
    return new Alert(kind, CANARY, occasion, sentence, at);
  }

  /** Of something that is told once: none of its like is kept back for another. */
  static Alert at(Assessment.News news, CanarySnapshot snapshot, long at) {
    return at(news.kind(), snapshot, news.topic(), news.sentence(), at);
  }

  public Severity severity() {
    return kind.severity;
  }

  /** Its fields as they stand on the event bus. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("kind", kind.label());
    fields.put("severity", severity().label());
    fields.put("at", Instant.ofEpochMilli(at).toString());
    fields.put("subject", subject);
    fields.put("occasion", occasion);
    fields.put("sentence", sentence);
    return fields;
  }
}
