package com.huntaze.rollout.relay;

import com.huntaze.rollout.cost.Cost;
import com.huntaze.rollout.cost.NanoUsd;
import com.huntaze.rollout.cost.UsageListener.Detail;
import io.vertx.core.MultiMap;
import java.util.Set;

/** The members that a usage object gains: who answered, and what it cost (seed Property 3). */
final class UsageDetails {
  private UsageDetails() {}

  /** All of the members, separated by commas; what is not known is {@code null}. */
  static String text(UsageTap tap) {
    return write(new JsonMembers(), tap, Set.of()).toString();
  }

  /**
   * Writes them behind what has been written.
   *
   * @param present those that the object has already
   */
  static JsonMembers write(JsonMembers to, UsageTap tap, Set<Detail> present) {
    if (!present.contains(Detail.MODEL)) {
      to.text("model", tap.model());
    }
    if (!present.contains(Detail.DEPLOYMENT)) {
      to.text("deployment", tap.deployment());
    }
    if (!present.contains(Detail.REGION)) {
      to.text("region", tap.region());
    }
    if (!present.contains(Detail.COST_USD)) {
      to.literal("cost_usd", tap.usd());
    }
    return to;
  }

  /** A cost as a JSON number, {@code null} if it is not known. */
  static String usd(Cost cost) {
    return cost.isKnown() ? NanoUsd.format(cost.nanoUsd()) : "null";
  }

  /** A name that cannot stand in a header is left out. */
  static void field(MultiMap headers, CharSequence name, String value) {
    if (value != null && isVisible(value)) {
      headers.set(name, value.strip());
    }
  }

  private static boolean isVisible(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < ' ' || value.charAt(i) >= 0x7F) {
        return false;
      }
    }
    return true;
  }
}
