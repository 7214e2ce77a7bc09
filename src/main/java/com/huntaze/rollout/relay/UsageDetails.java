package com.huntaze.rollout.relay;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.huntaze.rollout.cost.Cost;
import com.huntaze.rollout.cost.NanoUsd;
import com.huntaze.rollout.cost.UsageListener.Detail;
import java.util.Set;

/** The members that a usage object gains: who answered, and what it cost (seed Property 3). */
final class UsageDetails {
  private static final int USUAL_LENGTH = 128;

  private UsageDetails() {}

  /**
   * The members, separated by commas; what is not known is {@code null}.
   *
   * @param present those that the object has already
   */
  static String text(UsageTap tap, Set<Detail> present) {
    return text(tap, present, "");
  }

  /**
   * The same behind something.
   *
   * @param before empty, or what stands before the first member
   */
  static String text(UsageTap tap, Set<Detail> present, String before) {
    // As long as usual: it need not grow.
    StringBuilder text = new StringBuilder(USUAL_LENGTH).append(before);
    if (!present.contains(Detail.MODEL)) {
      member(text, "model", tap.model());
    }
    if (!present.contains(Detail.DEPLOYMENT)) {
      member(text, "deployment", tap.deployment());
    }
    if (!present.contains(Detail.REGION)) {
      member(text, "region", tap.region());
    }
    if (!present.contains(Detail.COST_USD)) {
      name(text, "cost_usd").append(usd(tap.cost()));
    }
    return text.length() == before.length() ? "" : text.toString();
  }

  /** A cost as a JSON number, {@code null} if it is not known. */
  static String usd(Cost cost) {
    return cost.isKnown() ? NanoUsd.format(cost.nanoUsd()) : "null";
  }

  private static void member(StringBuilder text, String name, String value) {
    name(text, name);
    if (value == null) {
      text.append("null");
    } else {
      text.append('"');
      JsonStringEncoder.getInstance().quoteAsString(value, text);
      text.append('"');
    }
  }

  private static StringBuilder name(StringBuilder text, String name) {
    // No value ends with a comma.
    boolean follows = text.length() > 0 && text.charAt(text.length() - 1) != ',';
    return text.append(follows ? ",\"" : "\"").append(name).append("\":");
  }
}
