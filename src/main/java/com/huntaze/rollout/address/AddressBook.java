package com.huntaze.rollout.address;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The addresses of one name: those that its name server told, which of them fail, and when it has
 * to be asked again. It never changes: each step returns the next book.
 *
 * <p>Times are milliseconds of one clock that never jumps and does not begin below 0.
 *
 * <p>Decision 91 in {@code docs/decisions.md}.
 *
 * @param addresses those that may be connected to, at most {@link #MOST_ADDRESSES}, in the order in
 *     which they were first told
 * @param asking whether an answer is awaited
 * @param askedAt when the name server was last asked, or {@link #NEVER}
 * @param expiresAt when the last answer has to be renewed
 */
public record AddressBook(
    List<KnownAddress> addresses, boolean asking, long askedAt, long expiresAt) {
  /** A time that does not come. */
  public static final long NEVER = Long.MAX_VALUE;

  /** More tell of an error, or of somebody who wants to fill the memory. */
  public static final int MOST_ADDRESSES = 16;

  /** An address that as many answers in a row do not have is given up. */
  public static final int MOST_ABSENCES = 3;

  /** A name server is not asked more often, whatever it tells and whatever fails. */
  public static final long LEAST_MILLIS_BETWEEN = 1_000;

  /** An answer is renewed after an hour even if its name server would let it live for days. */
  public static final long MOST_TTL_MILLIS = 3_600_000;

  /** Copies the list, so that the book never changes. */
  public AddressBook {
    addresses = List.copyOf(addresses);
  }

  /** A book in which nothing stands yet; the name server is to be asked at once. */
  public static AddressBook empty() {
    return new AddressBook(List.of(), false, NEVER, 0);
  }

  /** Tells when the name server is to be asked next; {@link #NEVER} while an answer is awaited. */
  public long askAt() {
    if (asking) {
      return NEVER;
    }
    if (askedAt == NEVER) {
      return 0;
    }
    long earliest = askedAt + LEAST_MILLIS_BETWEEN;
    return allFailed() ? earliest : Math.max(earliest, expiresAt);
  }

  /** Tells whether there is no address that is known to work. */
  public boolean allFailed() {
    for (KnownAddress address : addresses) {
      if (!address.failed()) {
        return false;
      }
    }
    return true;
  }

  /** Counts the addresses that take connections, or those that do not, as far as is known. */
  public long count(boolean failing) {
    return addresses.stream().filter(address -> address.failed() == failing).count();
  }

  /** The name server is asked. */
  public AddressBook asked(long now) {
    return new AddressBook(addresses, true, now, expiresAt);
  }

  /**
   * The name server has answered. Addresses that it does not tell stay until they have been absent
   * from {@link #MOST_ABSENCES} answers in a row.
   *
   * @param told the addresses as literals; when there are none, the last answer stays
   * @param ttlMillis how long the answer holds
   */
  public AddressBook answered(Collection<String> told, long ttlMillis, long now) {
    Set<String> left = new LinkedHashSet<>();
    told.stream().distinct().limit(MOST_ADDRESSES).forEach(left::add);
    if (left.isEmpty()) {
      return unanswered();
    }
    int absentees = MOST_ADDRESSES - left.size();
    List<KnownAddress> next = new ArrayList<>();
    for (KnownAddress known : addresses) {
      if (left.remove(known.literal())) {
        next.add(known.present());
      } else if (known.absences() + 1 < MOST_ABSENCES && absentees-- > 0) {
        next.add(known.absent());
      }
    }
    left.forEach(fresh -> next.add(new KnownAddress(fresh, 0, KnownAddress.NEVER)));
    long ttl = Math.min(Math.max(ttlMillis, 0), MOST_TTL_MILLIS);
    return new AddressBook(next, false, askedAt, now + ttl);
  }

  /** The name server has given no answer that could be used: what was known stays in use. */
  public AddressBook unanswered() {
    return new AddressBook(addresses, false, askedAt, expiresAt);
  }

  /**
   * Tells whether there is hope again since an older book: all that it knew failed, or it knew
   * nothing, and now there is an address that does not fail.
   */
  public boolean hasMovedSince(AddressBook older) {
    return older.allFailed() && !allFailed();
  }

  /** An address has taken no connection. One that is not in the book changes nothing. */
  public AddressBook failed(String literal, long now) {
    return with(literal, address -> address.failed(now));
  }

  /** An address has taken a connection. */
  public AddressBook connected(String literal) {
    return isFailed(literal) ? with(literal, address -> address.failed(KnownAddress.NEVER)) : this;
  }

  private boolean isFailed(String literal) {
    // By index: an iterator for each request would be garbage.
    for (int i = 0; i < addresses.size(); i++) {
      KnownAddress address = addresses.get(i);
      if (address.literal().equals(literal)) {
        return address.failed();
      }
    }
    return false;
  }

  private AddressBook with(String literal, UnaryOperator<KnownAddress> change) {
    List<KnownAddress> next =
        addresses.stream()
            .map(address -> address.literal().equals(literal) ? change.apply(address) : address)
            .toList();
    return new AddressBook(next, asking, askedAt, expiresAt);
  }
}
