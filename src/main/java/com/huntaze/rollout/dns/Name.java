package com.huntaze.rollout.dns;

import com.huntaze.rollout.address.AddressBook;
import com.huntaze.rollout.address.KnownAddress;
import com.huntaze.rollout.settings.IpAddresses;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A provider's name and its {@link AddressBook}, which all event loops and the probe read and
 * write: what one of them finds failing the others need not try. From any thread.
 */
public final class Name {
  private static final Logger log = LoggerFactory.getLogger(Name.class);

  private final String host;
  private final boolean literal;
  private final LongSupplier clock;
  private final AtomicReference<AddressBook> book = new AtomicReference<>(AddressBook.empty());
  private volatile Promise<Void> answer = Promise.promise();

  /** The last question has had no answer; confined to the context that asks. */
  private boolean silent;

  /** Guarded by the map of {@link Names}. */
  private int users;

  /**
   * @param clock milliseconds that never jump and do not begin below 0
   */
  Name(String host, LongSupplier clock) {
    this.host = host;
    this.clock = clock;
    literal = IpAddresses.isAddress(host);
    if (literal) {
      book.updateAndGet(empty -> empty.answered(List.of(host), 0, clock.getAsLong()));
    }
  }

  /** The name as it is configured. */
  public String host() {
    return host;
  }

  /** Tells whether it is an address itself, so that nobody is asked. */
  public boolean isLiteral() {
    return literal;
  }

  /** One of its addresses as Vert.x connects to it, without looking anything up. */
  public static SocketAddress server(String address, int port) {
    // Vert.x takes an IPv6 address for a host and a port unless it stands in brackets.
    return SocketAddress.inetSocketAddress(
        port, address.indexOf(':') < 0 ? address : "[" + address + "]");
  }

  /** The book as it is now. */
  public AddressBook book() {
    return book.get();
  }

  /** Completes when the question that is under way has been answered or given up; never fails. */
  Future<Void> answer() {
    return answer.future();
  }

  long now() {
    return clock.getAsLong();
  }

  void failed(String address) {
    book.updateAndGet(known -> known.failed(address, now()));
  }

  void connected(String address) {
    // Nearly always there is nothing to write.
    AddressBook known = book.get();
    if (known.connected(address) != known) {
      book.updateAndGet(latest -> latest.connected(address));
    }
  }

  boolean isDue() {
    return book.get().askAt() <= now();
  }

  void asked() {
    answer = Promise.promise();
    book.updateAndGet(known -> known.asked(now()));
  }

  /**
   * The name server has answered.
   *
   * @return whether there is an address to try again, after a time without any
   */
  boolean answered(Answer found) {
    AddressBook before;
    AddressBook after;
    do {
      before = book.get();
      after = before.answered(found.addresses(), found.ttlMillis(), now());
    } while (!book.compareAndSet(before, after));
    // Not what was told: some name servers tell a part of the addresses, another one each time.
    if (silent || !literals(after).equals(literals(before))) {
      log.info(
          "Addresses of {}: {} (from {}, for {} s)",
          host,
          String.join(" ", literals(after)),
          found.source(),
          found.ttlMillis() / 1_000);
    }
    silent = false;
    answer.complete();
    return after.hasMovedSince(before);
  }

  void unanswered(Throwable cause) {
    AddressBook known = book.updateAndGet(AddressBook::unanswered);
    if (!silent) {
      log.warn(
          "Addresses of {}: no name server tells them ({}). {} They are asked for until one does.",
          host,
          cause.getMessage(),
          known.addresses().isEmpty()
              ? "None is known, so nothing can be sent there."
              : "The last ones stay in use: " + String.join(" ", literals(known)) + ".");
    }
    silent = true;
    answer.complete();
  }

  private static List<String> literals(AddressBook of) {
    return of.addresses().stream().map(KnownAddress::literal).sorted().toList();
  }

  void gainUser() {
    users++;
  }

  /** Tells whether somebody still uses it. */
  boolean loseUser() {
    users--;
    return users > 0;
  }
}
