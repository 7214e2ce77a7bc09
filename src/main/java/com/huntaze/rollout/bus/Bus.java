package com.huntaze.rollout.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event bus as one proxy uses it: every address has the proxy's prefix, so that several proxies
 * of a process do not hear each other; nothing leaves the process, also where Vert.x is clustered;
 * every JSON body has a {@code version}; and every request is answered, or refused with a sentence.
 * Thread-safe.
 *
 * <p>Decision 111 in {@code docs/decisions.md}.
 */
public final class Bus {
  private static final Logger log = LoggerFactory.getLogger(Bus.class);
  private static final int BAD_REQUEST = 400;
  private static final int NOT_ASKED = 405;
  private static final int FAULT = 500;
  private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

  private final EventBus events;
  private final String prefix;

  /**
   * @param prefix in front of every address; empty = none
   */
  public Bus(Vertx vertx, String prefix) {
    this.events = vertx.eventBus();
    this.prefix = prefix;
  }

  /** Answers the requests of an address. */
  @FunctionalInterface
  public interface Service {

    /**
     * The answer to a request.
     *
     * @param body without its version; {@code null} = none
     * @return its reply; a failure that is a {@link ReplyException} has its code
     * @throws IllegalArgumentException with a sentence for the sender: refused with code 400
     */
    Future<?> answer(Object body);
  }

  /** The address as the event bus of Vert.x knows it. */
  public String full(String address) {
    return prefix + address;
  }

  /** Tells everybody of this process who listens. */
  public void publish(String address, Object body) {
    events.publish(full(address), BodyVersion.added(body), LOCAL);
  }

  /**
   * Asks the one of this process who answers.
   *
   * @param body {@code null} = none
   * @param millis how long the answer is waited for
   * @return the answer without its version, or a {@link ReplyException}
   */
  public <T> Future<T> ask(String address, Object body, long millis) {
    DeliveryOptions soon = new DeliveryOptions(LOCAL).setSendTimeout(millis);
    return events
        .<T>request(full(address), BodyVersion.added(body), soon)
        .map(answer -> BodyVersion.removed(answer.body()));
  }

  /**
   * Hears what is published on an address. A body of another kind is not heard; a request is
   * refused, because nobody would answer it.
   */
  public <T> MessageConsumer<T> hear(String address, Class<T> kind, Consumer<T> listener) {
    return events.<T>localConsumer(
        full(address),
        message -> {
          if (message.replyAddress() != null) {
            message.fail(
                NOT_ASKED,
                "%s: a request (expected: to be listened to; docs/event-bus.md says what can be"
                        .formatted(message.address())
                    + " asked)");
          } else {
            heard(message).filter(kind::isInstance).map(kind::cast).ifPresent(listener);
          }
        });
  }

  private static Optional<Object> heard(Message<?> message) {
    try {
      return Optional.ofNullable(BodyVersion.removed(message.body()));
    } catch (IllegalArgumentException another) {
      log.debug("Not heard on {}: {}", message.address(), another.getMessage());
      return Optional.empty();
    }
  }

  /** Answers what is sent to an address, or refuses it. */
  public MessageConsumer<Object> serve(String address, Service service) {
    return events.localConsumer(full(address), message -> serve(service, message));
  }

  private static void serve(Service service, Message<Object> message) {
    Future<?> answer;
    try {
      answer = service.answer(BodyVersion.removed(message.body()));
    } catch (RuntimeException failure) {
      answer = Future.failedFuture(failure);
    }
    answer.onComplete(
        body -> message.reply(BodyVersion.added(body), LOCAL), failure -> refuse(message, failure));
  }

  private static void refuse(Message<Object> message, Throwable failure) {
    if (failure instanceof ReplyException refused
        && refused.failureType() == ReplyFailure.RECIPIENT_FAILURE) {
      message.fail(refused.failureCode(), refused.getMessage());
    } else if (failure instanceof IllegalArgumentException malformed) {
      log.debug("Refused what was sent to {}: {}", message.address(), malformed.getMessage());
      message.fail(BAD_REQUEST, malformed.getMessage());
    } else {
      log.error("What was sent to {} is not answered", message.address(), failure);
      message.fail(FAULT, message.address() + ": not answered (expected: see the log)");
    }
  }
}
