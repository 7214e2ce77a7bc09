package com.huntaze.rollout.cost;

import com.huntaze.rollout.settings.Checked;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.Setting;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/**
 * A model's prices.
 *
 * @param prices what holds until the first change
 * @param aliases other names of the model, such as a dated version or a deployment
 * @param changes prices that hold later, in the order of their days
 */
public record ModelPriceSettings(
    @Setting(value = "What holds until the first change.", inline = true) TokenPriceSettings prices,
    @Setting(
            value = "Other names of the model: a dated version, a deployment.",
            byDefault = "[]",
            pattern = ModelPriceSettings.NAME,
            expected = ModelPriceSettings.NAME_WORDS)
        List<String> aliases,
    @Setting(value = "Prices that hold later, in the order of their days.", byDefault = "[]")
        List<PriceChangeSettings> changes)
    implements Checked {
  static final String NAME = "^[!-~][ -~]{0,127}$";
  static final String NAME_WORDS = "a model's name, 1 to 128 printable ASCII characters";

  /** Copies the lists, so that the record never changes. */
  public ModelPriceSettings {
    aliases = List.copyOf(aliases);
    changes = List.copyOf(changes);
  }

  @Override
  public List<Problem> check() {
    List<Problem> problems = new ArrayList<>();
    LocalDate before = LocalDate.MIN;
    for (int i = 0; i < changes.size(); i++) {
      String from = changes.get(i).from();
      String path = "changes[" + i + "].from";
      LocalDate day = day(from);
      if (day == null) {
        problems.add(new Problem(path, '"' + from + '"', "a day of the calendar"));
      } else if (!day.isAfter(before)) {
        problems.add(new Problem(path, '"' + from + '"', "a day after " + before));
      } else {
        before = day;
      }
    }
    return problems;
  }

  private static LocalDate day(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException noSuchDay) {
      return null;
    }
  }
}
