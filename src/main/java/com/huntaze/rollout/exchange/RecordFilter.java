package com.huntaze.rollout.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The conditions under which a request is found: by an id, its status, its user, its model; all of
 * them.
 */
public final class RecordFilter {
  private static final Set<String> KNOWN = Set.of("id", "status", "user", "model", "limit");
  private static final Pattern STATUS = Pattern.compile("[1-9][0-9]{2}|[1-5]xx|none|error");
  private static final Pattern HASH = Pattern.compile("[0-9a-fA-F]{1,16}");
  private static final int LONGEST = 120;
  private static final int MOST = 500;
  private static final int USUAL = 100;

  private final List<Predicate<ExchangeRecord>> wanted = new ArrayList<>();
  private int limit = USUAL;

  private RecordFilter() {}

  /**
   * Reads one of a query.
   *
   * @throws IllegalArgumentException with a sentence for the caller
   */
  public static RecordFilter read(Map<String, String> query) {
    RecordFilter filter = new RecordFilter();
    for (String field : query.keySet()) {
      require(KNOWN.contains(field), field, "unknown", "one of id, status, user, model, limit");
    }
    text(query, "id").ifPresent(id -> filter.wanted.add(each -> hasId(each, id)));
    text(query, "status").ifPresent(filter::status);
    text(query, "user").ifPresent(filter::user);
    text(query, "model").ifPresent(filter::model);
    text(query, "limit").ifPresent(filter::limit);
    return filter;
  }

  private static void require(boolean fine, String field, String value, String expected) {
    if (!fine) {
      String shown = value.length() > 64 ? value.substring(0, 64) : value;
      throw new IllegalArgumentException(
          "%s: %s (expected: %s)"
              .formatted(
                  field.substring(0, Math.min(32, field.length())).replaceAll("[^a-zA-Z]", "?"),
                  shown.replaceAll("[^ -~]", "?"),
                  expected));
    }
  }

  /** The text of a field; what is empty is not asked for. */
  private static Optional<String> text(Map<String, String> query, String field) {
    String value = query.get(field);
    if (value == null || value.isBlank()) {
      return Optional.empty();
    }
    require(value.length() <= LONGEST, field, value, "at most " + LONGEST + " characters");
    return Optional.of(value.strip());
  }

  private void status(String status) {
    String asked = status.toLowerCase(Locale.ROOT);
    require(STATUS.matcher(asked).matches(), "status", status, "such as 503, 5xx, none or error");
    wanted.add(
        switch (asked) {
          case "none" -> each -> each.status() == 0;
          case "error" -> Activity::clientSawError;
          default ->
              asked.endsWith("xx")
                  ? each -> each.status() / 100 == asked.charAt(0) - '0'
                  : each -> each.status() == Integer.parseInt(asked);
        });
  }

  private void user(String user) {
    require(HASH.matcher(user).matches(), "user", user, "the hash of a user, hexadecimal digits");
    String asked = user.toLowerCase(Locale.ROOT);
    wanted.add(
        each -> {
          String hash = each.request().origin().userHash();
          return hash != null && hash.startsWith(asked);
        });
  }

  private void model(String model) {
    String asked = model.toLowerCase(Locale.ROOT);
    wanted.add(
        each -> {
          String name = each.model();
          return name != null && name.toLowerCase(Locale.ROOT).contains(asked);
        });
  }

  private void limit(String told) {
    require(told.matches("[0-9]{1,3}"), "limit", told, "1 to " + MOST);
    limit = Integer.parseInt(told);
    require(limit >= 1 && limit <= MOST, "limit", told, "1 to " + MOST);
  }

  /** The ids under which people and providers know a request; the beginning of one is enough. */
  private static boolean hasId(ExchangeRecord record, String id) {
    return Stream.of(
            record.correlationId(),
            record.trace(),
            record.span(),
            record.served().ids().request(),
            record.served().ids().gateway())
        .anyMatch(each -> each != null && each.startsWith(id));
  }

  /** Tells whether a record is one that is looked for. */
  public boolean test(ExchangeRecord record) {
    return wanted.stream().allMatch(each -> each.test(record));
  }

  /** The most that are to be told. */
  public int limit() {
    return limit;
  }
}
