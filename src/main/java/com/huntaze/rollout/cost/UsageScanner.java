package com.huntaze.rollout.cost;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads the usage of an answer while its bytes pass, JSON or an event stream, in pieces cut
 * anywhere: where they are cut changes nothing. It keeps a few hundred bytes whatever comes, and no
 * input makes it throw.
 *
 * <p>The last usage that a stream tells is the answer's; only Anthropic's are put together from
 * that of {@code message_start} and the cumulative ones that follow. Not thread-safe: one per
 * answer.
 */
public final class UsageScanner {
  private final JsonScanner json;
  private final EventData events;
  private final UsageListener listener;
  private final Counts answer = new Counts();
  private final Counts object = new Counts();
  private final Set<UsageListener.Detail> present = EnumSet.noneOf(UsageListener.Detail.class);
  private String model;
  private String deployment;
  private String region;
  private long reportedNano = -1;
  private long unreportedText;

  /** Whether the usage is put together from several events. */
  private boolean cumulative;

  private int usageDepth;
  private boolean inMessage;
  private int choices;
  private boolean usageInEvent;

  private UsageScanner(boolean eventStream, UsageListener listener) {
    this.listener = listener;
    this.json = new JsonScanner(new Reader());
    this.events = eventStream ? new EventData(json, this::endEvent) : null;
  }

  /** A scanner for a JSON answer, or one of JSON lines. */
  public static UsageScanner ofJson(UsageListener listener) {
    return new UsageScanner(false, listener);
  }

  /** A scanner for an event stream. */
  public static UsageScanner ofEvents(UsageListener listener) {
    return new UsageScanner(true, listener);
  }

  /** Reads a piece. The array is neither kept nor changed. */
  public void feed(byte[] data, int from, int to) {
    if (events == null) {
      json.feed(data, from, to);
    } else {
      events.feed(data, from, to);
    }
  }

  /** The answer has ended. */
  public void end() {
    if (events != null) {
      events.end();
    }
  }

  /** The usage that the answer has told so far, {@code null} = none. */
  public Usage usage() {
    return answer.isEmpty() ? null : answer.usage();
  }

  /** The cost in nano-USD that the provider has told. */
  public OptionalLong reportedCost() {
    return reportedNano < 0 ? OptionalLong.empty() : OptionalLong.of(reportedNano);
  }

  /** The model that the answer names, {@code null} = none. */
  public String model() {
    return model;
  }

  /** The deployment that the answer names, {@code null} = none. */
  public String deployment() {
    return deployment;
  }

  /** The region that the answer names, {@code null} = none. */
  public String region() {
    return region;
  }

  /** How many bytes of generated text have passed since the answer last told its usage. */
  public long unreportedText() {
    return unreportedText;
  }

  private void endEvent(long from, long to) {
    if (usageInEvent) {
      listener.event(from, to, choices == 0);
    }
    usageInEvent = false;
    usageDepth = 0;
    inMessage = false;
    choices = 0;
  }

  /** Takes in what the JSON tells. */
  private final class Reader implements JsonScanner.Listener {
    @Override
    public void opened(Place place) {
      switch (place) {
        case MESSAGE -> inMessage = true;
        case CHOICE -> choices++;
        case USAGE -> openUsage();
        case ROOT,
            CHOICES,
            DELTA,
            TOOL_CALLS,
            TOOL_CALL,
            FUNCTION,
            RESPONSE,
            WRAPPER,
            INPUT_DETAILS,
            OUTPUT_DETAILS,
            COSTS -> {}
        default -> throw new AssertionError(place);
      }
    }

    private void openUsage() {
      if (usageDepth == 0) {
        object.clear();
        present.clear();
      }
      usageDepth++;
    }

    @Override
    public void closed(Place place, Place in, long at, boolean empty) {
      switch (place) {
        case MESSAGE -> inMessage = false;
        case USAGE -> {
          usageDepth--;
          if (usageDepth == 0) {
            closeUsage(in, at, empty);
          }
        }
        // Ollama tells its counts without an object around them.
        case ROOT -> take();
        case CHOICE,
            CHOICES,
            DELTA,
            TOOL_CALLS,
            TOOL_CALL,
            FUNCTION,
            RESPONSE,
            WRAPPER,
            INPUT_DETAILS,
            OUTPUT_DETAILS,
            COSTS -> {}
        default -> throw new AssertionError(place);
      }
    }

    private void closeUsage(Place in, long at, boolean empty) {
      take();
      if (in == Place.ROOT || in == Place.RESPONSE) {
        listener.usage(at, empty, present);
      }
    }

    private void take() {
      if (object.isEmpty()) {
        return;
      }
      usageInEvent = true;
      unreportedText = 0;
      cumulative |= inMessage;
      if (!cumulative) {
        answer.clear();
      }
      answer.update(object);
      object.clear();
    }

    @Override
    public void absent(Place place, Place in, long from, long to) {
      if (place == Place.USAGE && in == Place.ROOT) {
        listener.noUsage(from, to);
      }
    }

    @Override
    public void scalar(
        Place in, Field field, byte[] text, int length, boolean string, boolean cut) {
      if (field == Field.TEXT) {
        unreportedText += string ? length : 0;
      } else if (field.isCount()) {
        if (!string && !cut) {
          object.put(field, text, length);
        }
      } else {
        note(in, field, cut ? "" : new String(text, 0, length, StandardCharsets.UTF_8), string);
      }
    }

    private void note(Place in, Field field, String text, boolean string) {
      boolean usable = string && !text.isEmpty();
      switch (field) {
        case MODEL -> {
          model = usable && (in != Place.USAGE || model == null) ? text : model;
          has(in, UsageListener.Detail.MODEL);
        }
        case DEPLOYMENT -> {
          deployment = usable ? text : deployment;
          has(in, UsageListener.Detail.DEPLOYMENT);
        }
        case REGION -> {
          region = usable ? text : region;
          has(in, UsageListener.Detail.REGION);
        }
        case COST_USD -> {
          reportedNano = NanoUsd.parse(text).orElse(reportedNano);
          has(in, UsageListener.Detail.COST_USD);
        }
        case COST -> reportedNano = NanoUsd.parse(text).orElse(reportedNano);
        // Text and counts are no notes.
        default -> throw new AssertionError(field);
      }
    }

    private void has(Place in, UsageListener.Detail detail) {
      if (in == Place.USAGE) {
        present.add(detail);
      }
    }
  }
}
