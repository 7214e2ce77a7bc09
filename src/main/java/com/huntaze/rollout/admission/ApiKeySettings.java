package com.huntaze.rollout.admission;

import com.huntaze.rollout.settings.Forms;
import com.huntaze.rollout.settings.Setting;
import java.util.Locale;

/**
 * One client key, known by its hash.
 *
 * @param id its name in logs and figures
 * @param sha256 the SHA-256 of the key, 64 lower-case hexadecimal digits
 * @param tier the tier of its requests
 * @param mayOverride whether {@code X-AI-Provider} is honoured
 * @param perSecond its requests per second; 0 takes {@code limits.perKeyPerSecond}
 */
public record ApiKeySettings(
    @Setting(
            value = "The key's name in logs and figures.",
            pattern = Forms.NAME,
            expected = Forms.NAME_WORDS)
        String id,
    @Setting(
            value = "The SHA-256 of the key: the key itself never stands in a file.",
            pattern = "^[0-9a-fA-F]{64}$",
            expected = "64 hexadecimal digits",
            // Somebody may put the key itself here.
            secret = true)
        String sha256,
    @Setting(
            value = "The tier of its requests, such as `standard` or `vip`.",
            byDefault = "'standard'",
            pattern = Forms.WORD,
            expected = Forms.WORD_WORDS)
        String tier,
    @Setting(value = "Whether the header `X-AI-Provider` is honoured.", byDefault = "false")
        boolean mayOverride,
    @Setting(
            value = "Its requests per second; 0 takes `limits.perKeyPerSecond`.",
            byDefault = "0",
            min = "0",
            max = "1000000",
            unit = "requests/s")
        int perSecond) {

  /** Writes the hash in lower case, so that equal keys are equal records. */
  public ApiKeySettings {
    sha256 = sha256.toLowerCase(Locale.ROOT);
  }
}
