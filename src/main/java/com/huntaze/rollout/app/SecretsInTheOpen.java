package com.huntaze.rollout.app;

import com.huntaze.rollout.config.ConfigPlace;
import com.huntaze.rollout.config.EffectiveConfig;
import com.huntaze.rollout.config.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A configuration file that holds secrets as they are, and that every user may read. */
final class SecretsInTheOpen {
  private SecretsInTheOpen() {}

  /**
   * Returns the warning that a start should give; the secrets are named and not shown. Blocks.
   *
   * @param place {@code null} = there is none
   * @return a sentence for the first of its files that is one
   */
  static Optional<String> warning(ConfigPlace place, Loaded loaded) {
    try {
      List<Path> files = place == null ? List.of() : place.files();
      return files.stream().flatMap(file -> warning(file, loaded).stream()).findFirst();
    } catch (IOException unknown) {
      // It has been read a moment ago.
      return Optional.empty();
    }
  }

  private static Optional<String> warning(Path file, Loaded loaded) {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (!permissions.contains(PosixFilePermission.OTHERS_READ)) {
        return Optional.empty();
      }
      List<String> secrets = EffectiveConfig.literalSecrets(loaded, Files.readString(file));
      return secrets.isEmpty()
          ? Optional.empty()
          : Optional.of(
              "%s: every user of this machine may read it (%s), and it holds %s as plain text (do: chmod 600, or put ${NAME} or ${file:path} there)"
                  .formatted(
                      file,
                      PosixFilePermissions.toString(permissions),
                      String.join(", ", secrets)));
    } catch (IOException | UnsupportedOperationException unknown) {
      // It has been read a moment ago; where there are no permissions, there is nothing to warn of.
      return Optional.empty();
    }
  }
}
