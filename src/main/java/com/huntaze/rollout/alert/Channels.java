package com.huntaze.rollout.alert;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The configured channels by their names. */
final class Channels {
  private Channels() {}

  /** The settings by name: the type, and a number from the second of a type on. */
  static Map<String, ChannelSettings> named(List<ChannelSettings> channels) {
    Map<ChannelType, Integer> seen = new EnumMap<>(ChannelType.class);
    Map<String, ChannelSettings> named = new LinkedHashMap<>();
    for (ChannelSettings channel : channels) {
      int number = seen.merge(channel.type(), 1, Integer::sum);
      String type = channel.type().name().toLowerCase(Locale.ROOT);
      named.put(number == 1 ? type : type + "-" + number, channel);
    }
    return named;
  }
}
