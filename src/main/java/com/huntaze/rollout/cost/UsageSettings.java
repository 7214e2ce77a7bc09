package com.huntaze.rollout.cost;

import com.huntaze.rollout.settings.Checked;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.Setting;
import java.util.List;

/**
 * The form in which clients are told an answer's token usage.
 *
 * @param identity whether requests whose answers are read ask the provider for uncompressed ones
 * @param requestInStreams whether streams are asked for their usage
 * @param inStreams whose streams keep the event that tells the usage
 * @param comment whether other streams tell the same in a comment
 */
public record UsageSettings(
    @Setting(
            value =
                "Whether inference requests, and those about objects that a provider keeps, ask it"
                    + " for an uncompressed answer.",
            byDefault = "true")
        boolean identity,
    @Setting(
            value = "Whether `stream_options.include_usage` is set in streams that lack it.",
            byDefault = "true")
        boolean requestInStreams,
    @Setting(
            value =
                "Which clients get the event that tells a stream's usage, where streams are asked"
                    + " for it: `asked`, those that set `stream_options.include_usage`; `always`,"
                    + " all.",
            byDefault = "'asked'")
        InStreams inStreams,
    @Setting(
            value =
                "Whether an event stream whose client did not ask for its usage tells model,"
                    + " deployment, region and cost in a comment line before its end.",
            byDefault = "false")
        boolean comment)
    implements Checked {

  /** The clients that get the event that tells the usage. */
  public enum InStreams {
    ASKED,
    ALWAYS
  }

  /** Tells whether a client gets the event for which it did not ask. */
  public boolean always() {
    return inStreams == InStreams.ALWAYS;
  }

  /** Tells whether it matters what a request says of its stream's usage. */
  public boolean readsRequests() {
    return requestInStreams || comment;
  }

  @Override
  public List<Problem> check() {
    return always() && !requestInStreams
        ? List.of(
            new Problem("inStreams", "\"always\"", "\"asked\", because requestInStreams is false"))
        : List.of();
  }
}
