package com.huntaze.rollout.config;

import com.huntaze.rollout.settings.IpAddresses;
import com.huntaze.rollout.settings.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The place that a configuration is read from: a file, a directory of overlays, or an address. */
public final class ConfigPlace {
  private static final String EXPECTED =
      "an https:// URL with a host, or an http:// URL of this machine";

  private final Path path;
  private final URI address;

  private ConfigPlace(Path path, URI address) {
    this.path = path;
    this.address = address;
  }

  /** A file or a directory. */
  public static ConfigPlace of(Path path) {
    return new ConfigPlace(path, null);
  }

  /**
   * The place that somebody has typed. Over plain HTTP anybody on the way could say where requests
   * and keys go, so that it is taken from this machine alone.
   *
   * @throws ConfigException if it is none
   */
  public static ConfigPlace parse(String typed) {
    if (!typed.matches("(?i)https?://.*")) {
      try {
        return of(Path.of(typed));
      } catch (InvalidPathException noPath) {
        throw new ConfigException(
            new Problem("configuration", ShownValue.quoted(typed), "a file, a directory or a URL"));
      }
    }
    try {
      URI address = new URI(typed);
      String host = address.getHost();
      if (host != null
          && address.getFragment() == null
          && (address.getScheme().equalsIgnoreCase("https")
              || IpAddresses.isLoopback(bare(host)))) {
        return new ConfigPlace(null, address);
      }
    } catch (URISyntaxException malformed) {
      // Told as any other that is none: the exception's words repeat all of it.
    }
    throw new ConfigException(new Problem("configuration", ShownValue.quoted(typed), EXPECTED));
  }

  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** The file or the directory; empty = it is an address. */
  public Optional<Path> path() {
    return Optional.ofNullable(path);
  }

  /** The files that it consists of; none of an address. Blocks. */
  public List<Path> files() throws IOException {
    if (path == null) {
      return List.of();
    }
    return Files.isDirectory(path) ? OverlayFiles.list(path) : List.of(path);
  }

  /** The address, credentials and all; empty = it is a file or a directory. */
  Optional<URI> address() {
    return Optional.ofNullable(address);
  }

  /** The word of a command that means it, wherever that is run; empty = a part of it is secret. */
  public Optional<String> argument() {
    if (path != null) {
      return Optional.of(path.toAbsolutePath().toString());
    }
    return Optional.of(address.toString()).filter(name()::equals);
  }

  /** The name for people: as it was typed, without what is secret in a URL. */
  public String name() {
    return path != null ? path.toString() : ShownValue.url(address.toString());
  }

  /** The same as {@link #name}. */
  @Override
  public String toString() {
    return name();
  }
}
