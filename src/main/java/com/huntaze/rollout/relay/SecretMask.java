package com.huntaze.rollout.relay;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A provider's sentence without what could be a credential: ours or another's, for a provider that
 * fails may tell whatever it had at hand. Rather a word too many is taken out than one too few.
 */
final class SecretMask {
  private static final String MASK = "***";

  private record Rule(Pattern pattern, String instead) {}

  /** The value behind a name: a text in quotes, or all up to the next blank or separator. */
  private static final String VALUE = "(?:\"[^\"]*+\"?|'[^']*+'?|[^\\s&;,\"'}]++)";

  /** The possessive counts keep each of them from looking back. */
  private static final List<Rule> RULES =
      List.of(
          rule("://[^/\\s@]++@", "://" + MASK + "@"),
          rule("\\beyJ[\\w-]*+\\.[\\w.-]*+", MASK),
          rule("\\b(?:sk|pk|rk)-[\\w*.-]*+", MASK),
          rule("(\\bauthorization[\"']?\\s*+[:=]\\s*+)(?:bearer |basic )?" + VALUE, "$1" + MASK),
          rule("(\\b(?:bearer|basic)\\s++)(?!\\*\\*\\*)[\\w.~+/=-]++", "$1" + MASK),
          rule(
              "((?:key|token|secret|password|passwd|pwd|sig|signature|credential)"
                  + "(?:\\sprovided)?[\"']?\\s*+[:=]\\s*+)(?!\\*\\*\\*)"
                  + VALUE,
              "$1" + MASK),
          rule("\\b[A-Za-z0-9]{32,}+\\b[=]*+", MASK));

  private SecretMask() {}

  private static Rule rule(String pattern, String instead) {
    return new Rule(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), instead);
  }

  /** The sentence as it may be told. */
  static String of(String said) {
    String told = said;
    for (Rule rule : RULES) {
      told = rule.pattern.matcher(told).replaceAll(rule.instead);
    }
    return told;
  }
}
