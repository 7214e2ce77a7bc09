package com.huntaze.rollout.cost;

import com.huntaze.rollout.settings.Setting;
import java.util.OptionalLong;

/**
 * The price of a model's tokens, in USD for the list's {@code per}, as decimal texts, so that no
 * digit is lost.
 *
 * @param input of input
 * @param output of output
 * @param cachedInput of input from a cache, or null for the price of input
 * @param cacheWrite of input that is written to a cache, or null for the price of input
 * @param reasoning of reasoning output, or null for the price of output
 * @param cacheWriteHour of input that is written to a cache for an hour, or null for cacheWrite
 * @param audioInput of input that is audio, or null for the price of input
 * @param audioOutput of output that is audio, or null for the price of output
 */
public record TokenPriceSettings(
    @Setting(
            value = "The price of input.",
            pattern = TokenPriceSettings.USD,
            expected = TokenPriceSettings.USD_WORDS,
            unit = "USD")
        String input,
    @Setting(
            value = "The price of output.",
            pattern = TokenPriceSettings.USD,
            expected = TokenPriceSettings.USD_WORDS,
            unit = "USD")
        String output,
    @Setting(
            value = "The price of input from a cache; null is the price of input.",
            byDefault = "null",
            pattern = TokenPriceSettings.USD,
            expected = TokenPriceSettings.USD_WORDS,
            unit = "USD")
        String cachedInput,
    @Setting(
            value = "The price of input that is written to a cache; null is the price of input.",
            byDefault = "null",
            pattern = TokenPriceSettings.USD,
            expected = TokenPriceSettings.USD_WORDS,
            unit = "USD")
        String cacheWrite,
    @Setting(
            value = "The price of reasoning; null is the price of output.",
            byDefault = "null",
            pattern = TokenPriceSettings.USD,
            expected = TokenPriceSettings.USD_WORDS,
            unit = "USD")
        String reasoning,
    @Setting(
            value =
                "The price of input that is written to a cache for an hour; null is that of cacheWrite.",
            byDefault = "null",
            pattern = TokenPriceSettings.USD,
            expected = TokenPriceSettings.USD_WORDS,
            unit = "USD")
        String cacheWriteHour,
    @Setting(
            value = "The price of audio as input; null is the price of input.",
            byDefault = "null",
            pattern = TokenPriceSettings.USD,
            expected = TokenPriceSettings.USD_WORDS,
            unit = "USD")
        String audioInput,
    @Setting(
            value = "The price of audio as output; null is the price of output.",
            byDefault = "null",
            pattern = TokenPriceSettings.USD,
            expected = TokenPriceSettings.USD_WORDS,
            unit = "USD")
        String audioOutput) {
  static final String USD = "^(0|[1-9][0-9]{0,5})(\\.[0-9]{1,9})?$";
  static final String USD_WORDS = "a text such as \"0.0014\", at most 9 decimals";

  /** The same in nano-USD. */
  Price price(long per) {
    long in = nano(input);
    long out = nano(output);
    long written = cacheWrite == null ? in : nano(cacheWrite);
    return new Price(
        in,
        out,
        cachedInput == null ? in : nano(cachedInput),
        written,
        reasoning == null ? out : nano(reasoning),
        cacheWriteHour == null ? written : nano(cacheWriteHour),
        audioInput == null ? in : nano(audioInput),
        audioOutput == null ? out : nano(audioOutput),
        per);
  }

  private static long nano(String usd) {
    OptionalLong nano = NanoUsd.parse(usd);
    return nano.orElseThrow(() -> new IllegalArgumentException(usd + " (expected: " + USD_WORDS));
  }
}
