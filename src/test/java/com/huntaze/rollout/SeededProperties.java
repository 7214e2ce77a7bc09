package com.huntaze.rollout;

import java.lang.reflect.AnnotatedElement;
import java.util.Optional;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * Gives every property without a seed of its own one made of {@code -Drollout.seed} and its name,
 * so that two runs try the same; an empty number leaves it to chance.
 */
public final class SeededProperties implements AroundPropertyHook {
  private static final String SEED = System.getProperty("rollout.seed", "");

  @Override
  public PropertyExecutionResult aroundProperty(
      PropertyLifecycleContext context, PropertyExecutor property) throws Throwable {
    if (!SEED.isEmpty() && context.attributes().seed().isEmpty()) {
      context.attributes().setSeed(seed(SEED, context.extendedLabel()));
    }
    return property.execute();
  }

  static String seed(String number, String name) {
    return Long.toString(Long.parseLong(number) * 1_000_003 + name.hashCode());
  }

  @Override
  public PropagationMode propagateTo() {
    return PropagationMode.ALL_DESCENDANTS;
  }

  @Override
  public boolean appliesTo(Optional<AnnotatedElement> element) {
    return true;
  }
}
