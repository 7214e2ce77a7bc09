package com.huntaze.rollout.dns;

import com.huntaze.rollout.address.AddressBook;
import com.huntaze.rollout.address.Rotation;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One event loop's way to the addresses of one name: takes a connection to one of them, and to the
 * next one when that fails or is silent, for as long as a connection may take. Confined to its
 * event loop. With one address everything is as it would be without it.
 *
 * @param <T> what an open connection is
 */
public final class Dialer<T> {
  private final Vertx vertx;
  private final Name name;
  private final long connectMillis;
  private final Consumer<T> unwanted;
  private final Rotation rotation = new Rotation(ThreadLocalRandom.current().nextInt());

  /**
   * @param connectMillis the longest time for all addresses together
   * @param unwanted given the connection of an address that was too slow, when it comes after all
   */
  public Dialer(Vertx vertx, Name name, long connectMillis, Consumer<T> unwanted) {
    this.vertx = vertx;
    this.name = name;
    this.connectMillis = connectMillis;
    this.unwanted = unwanted;
  }

  /**
   * Takes a connection.
   *
   * @param opener opens one to an address, from a pool or anew, and sends nothing on it
   * @return fails as the last address has failed, with {@link UnknownHostException} while no
   *     address is known, with {@link TimeoutException} when the time is over
   */
  public Future<T> dial(Function<String, Future<T>> opener) {
    if (name.isLiteral()) {
      return open(opener, name.host());
    }
    long deadline = name.now() + connectMillis;
    AddressBook book = name.book();
    if (book.addresses().isEmpty()) {
      return book.asking() ? afterAnswer(opener, deadline) : Future.failedFuture(unknown());
    }
    if (book.addresses().size() == 1) {
      return open(opener, book.addresses().get(0).literal());
    }
    return new Attempts(opener, deadline, book).begin();
  }

  private UnknownHostException unknown() {
    return new UnknownHostException(name.host() + ": no address is known");
  }

  private Future<T> afterAnswer(Function<String, Future<T>> opener, long deadline) {
    Context context = vertx.getOrCreateContext();
    Promise<T> result = Promise.promise();
    long late = vertx.setTimer(connectMillis, over -> result.tryFail(unknown()));
    name.answer()
        .onComplete(
            answered ->
                context.runOnContext(
                    turn -> {
                      if (vertx.cancelTimer(late)) {
                        new Attempts(opener, deadline, name.book()).begin().onComplete(result);
                      }
                    }));
    return result.future();
  }

  private Future<T> open(Function<String, Future<T>> opener, String address) {
    Future<T> asked = opener.apply(address);
    if (asked.succeeded()) {
      name.connected(address);
      return asked;
    }
    return asked.onComplete(
        opened -> name.connected(address),
        failure -> {
          if (blames(failure)) {
            name.failed(address);
          }
        });
  }

  /** Tells whether an address is to blame for a failure, and not this process. */
  private static boolean blames(Throwable failure) {
    return !(failure instanceof ConnectionPoolTooBusyException)
        && !(failure instanceof IllegalStateException);
  }

  /** The attempts for one connection, one after the other; a silent one goes on beside the next. */
  private final class Attempts {
    private final Function<String, Future<T>> opener;
    private final long deadline;
    private final Deque<String> left;
    private final Promise<T> result = Promise.promise();
    private Throwable failure = unknown();

    /** The number of addresses that have not answered yet. */
    private int open;

    /** The address that the timer waits for. */
    private String current;

    private long timer = -1;

    Attempts(Function<String, Future<T>> opener, long deadline, AddressBook book) {
      this.opener = opener;
      this.deadline = deadline;
      left = new ArrayDeque<>(rotation.candidates(book, name.now()));
    }

    Future<T> begin() {
      next();
      return result.future();
    }

    private void next() {
      vertx.cancelTimer(timer);
      if (result.future().isComplete()) {
        return;
      }
      current = left.poll();
      if (current == null) {
        if (open == 0) {
          result.tryFail(failure);
        } else {
          timer = vertx.setTimer(Math.max(1, deadline - name.now()), late -> expire());
        }
        return;
      }
      String address = current;
      open++;
      Future<T> attempt = Dialer.this.open(opener, address);
      attempt.onComplete(this::opened, cause -> failed(address, cause));
      if (!attempt.isComplete()) {
        long remaining = deadline - name.now();
        long patience =
            left.isEmpty() ? remaining : Rotation.patienceMillis(remaining, left.size());
        timer = vertx.setTimer(Math.max(1, patience), silent -> silent(address));
      }
    }

    private void silent(String address) {
      name.failed(address);
      if (deadline <= name.now()) {
        expire();
      } else {
        next();
      }
    }

    private void expire() {
      result.tryFail(new TimeoutException(name.host() + ": no connection in time"));
    }

    private void opened(T connection) {
      open--;
      vertx.cancelTimer(timer);
      if (!result.tryComplete(connection)) {
        unwanted.accept(connection);
      }
    }

    private void failed(String address, Throwable cause) {
      open--;
      failure = cause;
      if (!blames(cause)) {
        left.clear();
      }
      if (address.equals(current) || open == 0) {
        next();
      }
    }
  }
}
