package com.huntaze.rollout.settings;

/**
 * The textual forms that several settings share: a pattern that means the same to Java and to a
 * JSON schema, and its words. Only ASCII ranges are used, so that no form lets a control byte
 * through.
 */
public final class Forms {
  /** A path of a URL, without query and fragment. */
  public static final String PATH = "^/[!-\"$->@-~]*$";

  public static final String PATH_WORDS = "a path that begins with / and has no space, ? or #";

  /** A host name, IPv4 or IPv6 address without brackets. Underscores occur in container names. */
  public static final String HOST = "^[A-Za-z0-9_:][A-Za-z0-9._:-]{0,254}$";

  public static final String HOST_WORDS = "a host name or an IP address";

  /** A host name, an IP address or a network, as far as a pattern tells them. */
  public static final String HOST_OR_NETWORK =
      "^[A-Za-z0-9_:][A-Za-z0-9._:-]{0,254}(/[0-9]{1,3})?$";

  public static final String HOST_OR_NETWORK_WORDS =
      "a host name, an IP address or a network such as 10.0.0.0/16";

  /** The look of an IP address or a network; {@link IpAddresses#networkProblems} tells the rest. */
  public static final String NETWORK = "^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$";

  public static final String NETWORK_WORDS = "an IP address or a network such as 10.0.0.0/8";

  /** The name of a header field (RFC 9110, token). */
  public static final String HEADER_NAME = "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$";

  public static final String HEADER_NAME_WORDS = "a header name";

  /** The value of a header field: no control bytes but the tab, so no CR and no LF. */
  public static final String HEADER_VALUE = "^[\\t -~\\u0080-\\u00ff]*$";

  public static final String HEADER_VALUE_WORDS =
      "a header value without line breaks and control characters";

  /** The path of a file. */
  public static final String FILE = "^[^\\u0000-\\u001f]+$";

  public static final String FILE_WORDS = "the path of a file";

  /** A name that we give to something. */
  public static final String NAME = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$";

  public static final String NAME_WORDS =
      "a name of at most 64 letters, digits, dots, dashes and underscores";

  /** A lower-case word, as phases and request types are. */
  public static final String WORD = "^[a-z][a-z0-9_]{0,31}$";

  public static final String WORD_WORDS =
      "a lower-case word of at most 32 letters, digits and underscores";

  /** A model's or deployment's name, which needs no escapes in JSON. */
  public static final String MODEL = "^[A-Za-z0-9][A-Za-z0-9._:/@+ -]{0,127}$";

  public static final String MODEL_WORDS =
      "a model's name: letters, digits, . _ : / @ + - and spaces";

  public static final String REGION_WORDS =
      "the name of a region: letters, digits, . _ : / @ + - and spaces";

  private Forms() {}
}
