package com.huntaze.rollout.settings;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes one component of a settings record. The binder, the JSON schema and the reference are
 * all driven by it, so that a key is described once. The component's name is the JSON key unless
 * {@link #key()} says another.
 *
 * <p>On a list or a map the bounds, the pattern and {@link #secret()} hold for each element.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
  /** The effect of the setting, in one or two sentences, with the meaning of zero. */
  String value();

  /** The JSON key, where the component cannot have its name; empty is the component's name. */
  String key() default "";

  /**
   * The default as JSON text, in which single quotes may stand for double ones; {@code null} makes
   * the key nullable. Without it a record takes its components' defaults, and anything else is
   * required. On a record, an object overrides the defaults of the components that it names.
   */
  String byDefault() default "";

  /** The smallest allowed value, written as in the file: {@code 0}, {@code 0.5}, {@code 10ms}. */
  String min() default "";

  /** The largest allowed value, written as in the file. */
  String max() default "";

  /**
   * The unit, for the reference: {@code requests/s}. A whole number of {@code bytes} may also be
   * written with a unit of its own, {@code 32MiB}.
   */
  String unit() default "";

  /** A regular expression (common to Java and ECMAScript) that the whole text must match. */
  String pattern() default "";

  /** The words for {@link #pattern()}: they complete "expected: ". */
  String expected() default "";

  /** The pattern for the keys of a map. */
  String keyPattern() default "";

  /** The words for {@link #keyPattern()}. */
  String keyExpected() default "";

  /** The least number of elements of a list. */
  int minItems() default 0;

  /** True if the value must never be shown: not in a problem, not in an answer, not in a log. */
  boolean secret() default false;

  /** True if it names a file relative to the configuration's: it is read as the whole path. */
  boolean file() default false;

  /** True if the record's keys stand in the enclosing object instead of one of their own. */
  boolean inline() default false;
}
