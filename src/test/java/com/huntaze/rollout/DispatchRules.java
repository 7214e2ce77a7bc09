package com.huntaze.rollout;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.InstanceofCheck;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Nothing that is added to a closed set falls through unseen: a method that tells apart the types
 * of a sealed interface ends in a thrown {@link AssertionError}, and a switch over an enum of ours
 * is complete, so that the compiler finds it, or ends in one.
 */
final class DispatchRules {
  private static final String ASSERTION = "java.lang.AssertionError";
  private static final String OURS = "com.huntaze.rollout.";

  static final ArchRule SEALED_TYPES =
      rule(
          "tell the types of a sealed interface apart only with a thrown AssertionError at the end",
          DispatchRules::checkTypes);

  private DispatchRules() {}

  /** The methods that tell types apart, as {@code Class.method}. */
  static Set<String> dispatchers(JavaClasses classes) {
    Set<String> names = new TreeSet<>();
    for (JavaClass type : classes) {
      for (JavaCodeUnit unit : type.getCodeUnits()) {
        if (!toldApart(unit).isEmpty()) {
          names.add(type.getSimpleName() + "." + unit.getName());
        }
      }
    }
    return names;
  }

  private static void checkTypes(JavaCodeUnit unit, Consumer<String> offence) {
    Map<String, Set<String>> seen = toldApart(unit);
    if (seen.size() > constructed(unit, ASSERTION)) {
      offence.accept(unit.getFullName() + " tells apart " + seen + " and lets others fall through");
    }
  }

  /** Of each sealed interface the types that a method asks for, if those are several. */
  private static Map<String, Set<String>> toldApart(JavaCodeUnit unit) {
    Map<String, Set<String>> seen = new TreeMap<>();
    for (InstanceofCheck check : unit.getInstanceofChecks()) {
      JavaClass type = check.getRawType();
      if (type.getName().startsWith(OURS)) {
        parents(type.reflect(), parent -> seen.computeIfAbsent(parent, none -> new TreeSet<>()))
            .accept(type.getSimpleName());
      }
    }
    seen.values().removeIf(types -> types.size() < 2);
    return seen;
  }

  private static Consumer<String> parents(Class<?> type, Function<String, Set<String>> seen) {
    return name ->
        Arrays.stream(type.getInterfaces())
            .filter(Class::isSealed)
            .forEach(parent -> seen.apply(parent.getSimpleName()).add(name));
  }

  private static long constructed(JavaCodeUnit unit, String error) {
    return unit.getConstructorCallsFromSelf().stream()
        .filter(call -> call.getTargetOwner().getFullName().equals(error))
        .count();
  }

  private static ArchRule rule(String promise, BiConsumer<JavaCodeUnit, Consumer<String>> check) {
    return classes()
        .should(
            new ArchCondition<>(promise) {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                for (JavaCodeUnit unit : type.getCodeUnits()) {
                  check.accept(
                      unit, words -> events.add(SimpleConditionEvent.violated(unit, words)));
                }
              }
            });
  }
}
