package com.huntaze.rollout.config;

import com.huntaze.rollout.cost.PriceListSettings;
import com.huntaze.rollout.settings.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/** Reads the price file as strictly as the configuration. */
final class PriceFile {
  /** The setting that names it. */
  static final String KEY = "prices";

  private PriceFile() {}

  /**
   * The prices in {@code file}. Blocks.
   *
   * @param optional whether it may be missing: then no price is known
   * @throws ConfigException with every problem, each with the file's name
   */
  static PriceListSettings read(Path file, boolean optional, Placeholders placeholders) {
    String name = file.getFileName().toString();
    String text;
    try {
      text = StrictJson.decode(name, bytes(file));
    } catch (NoSuchFileException missing) {
      if (optional) {
        return PriceListSettings.EMPTY;
      }
      throw unusable(file, "no such file");
    } catch (IOException unreadable) {
      throw unusable(file, Unreadable.sentence(unreadable));
    }
    Binder binder = new Binder(placeholders, Map.of());
    Object prices =
        binder.bind(SettingModel.PRICES, StrictJson.parse(name, text), Source.file(name));
    if (prices == null) {
      throw new ConfigException(
          binder.problems().stream().map(problem -> inFile(problem, name)).toList());
    }
    return (PriceListSettings) prices;
  }

  private static Problem inFile(Problem problem, String name) {
    return new Problem(name + ": " + problem.path(), problem.value(), problem.expectation());
  }

  private static byte[] bytes(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw unusable(file, "not a file");
    }
    if (Files.exists(file) && Files.size(file) > StrictJson.MAX_BYTES) {
      throw unusable(file, "larger than 1 MiB");
    }
    return Files.readAllBytes(file);
  }

  /** The setting that names it is what has to be mended, as likely as the file. */
  private static ConfigException unusable(Path file, String sentence) {
    return new ConfigException(
        new Problem(KEY + ": " + file.getFileName(), sentence, "a price file at " + file));
  }
}
