package com.huntaze.rollout.lease;

import com.huntaze.rollout.Cases;

/** The entries that voters agree upon, and the methods that tell them apart. */
public final class LeaseCases {
  private LeaseCases() {}

  /** Adds them. */
  public static void addTo(Cases cases) {
    LeaseRecord record = new LeaseRecord(1, "a", 1, false);
    cases.examples(
        new AgreedEntry.Claim(record),
        new AgreedEntry.Show(record),
        new AgreedEntry.Decide(1, "state"),
        new AgreedEntry.Offer(1, "state"),
        new AgreedEntry.Mark("rollback-1-a.json", "marker"),
        new AgreedEntry.Confirm(1));
    cases.dispatcher(
        "Agreed.apply", AgreedEntry.class, each -> Agreed.NOTHING.apply((AgreedEntry) each));
    cases.dispatcher("AgreedEntry.fields", AgreedEntry.class, each -> encoded((AgreedEntry) each));
  }

  private static void encoded(AgreedEntry entry) {
    if (entry.encode().length == 0) {
      throw new AssertionError(entry);
    }
  }
}
