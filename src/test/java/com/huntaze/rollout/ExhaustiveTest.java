package com.huntaze.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Cases.Dispatcher;
import com.huntaze.rollout.alert.AlertCases;
import com.huntaze.rollout.breaker.BreakerCases;
import com.huntaze.rollout.canary.CanaryCases;
import com.huntaze.rollout.config.ConfigCases;
import com.huntaze.rollout.exchange.ExchangeCases;
import com.huntaze.rollout.failover.FailoverCases;
import com.huntaze.rollout.lease.LeaseCases;
import com.huntaze.rollout.relay.RelayCases;
import com.huntaze.rollout.simulate.SimulateCases;
import com.tngtech.archunit.core.domain.JavaClass;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every type that a sealed interface permits is fed to every method that tells those types apart.
 * Whoever adds one is told its name: first that it has no example, then which method does not know
 * it.
 */
class ExhaustiveTest {
  private static Vertx vertx;
  private static Cases cases;

  @BeforeAll
  static void collect() throws Exception {
    vertx = Vertx.vertx();
    cases = new Cases(vertx);
    CanaryCases.addTo(cases);
    AlertCases.addTo(cases);
    ConfigCases.addTo(cases);
    FailoverCases.addTo(cases);
    ExchangeCases.addTo(cases);
    BreakerCases.addTo(cases);
    RelayCases.addTo(cases);
    SimulateCases.addTo(cases);
    LeaseCases.addTo(cases);
  }

  @AfterAll
  static void close() {
    vertx.close().await();
  }

  private static Stream<Class<?>> sealedTypes() {
    return ArchitectureTest.MAIN.stream()
        .filter(JavaClass::isInterface)
        .<Class<?>>map(JavaClass::reflect)
        .filter(Class::isSealed);
  }

  /** The types that may be made: those permitted, and by those that are sealed themselves. */
  private static Stream<Class<?>> permitted(Class<?> type) {
    return type.isSealed() && type.isInterface()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(ExhaustiveTest::permitted)
        : Stream.of(type);
  }

  private static String name(Class<?> type) {
    return type.getName().replaceAll(".*\\.", "").replace('$', '.');
  }

  @Test
  void everyPermittedTypeHasAnExample() {
    assertThat(sealedTypes()).hasSizeGreaterThan(8);
    List<String> without =
        sealedTypes()
            .flatMap(ExhaustiveTest::permitted)
            .filter(type -> cases.examplesOf(type).isEmpty())
            .map(type -> name(type) + ": no example (expected: one in its package's *Cases)")
            .toList();
    assertThat(without).isEmpty();
  }

  @Test
  void everyDispatcherKnowsEveryType() {
    List<String> unknown = new ArrayList<>();
    for (Dispatcher dispatcher : cases.dispatchers()) {
      for (Class<?> type : permitted(dispatcher.over()).toList()) {
        cases.examplesOf(type).forEach(example -> feed(dispatcher, example, unknown));
      }
    }
    assertThat(unknown).isEmpty();
  }

  private static void feed(Dispatcher dispatcher, Object example, List<String> unknown) {
    try {
      dispatcher.feeding().feed(example);
    } catch (Exception | AssertionError thrown) {
      unknown.add("%s does not know %s: %s".formatted(dispatcher.name(), example, thrown));
    }
  }

  @Test
  void everyMethodThatTellsTypesApartIsFed() {
    TreeSet<String> found = new TreeSet<>(DispatchRules.dispatchers(ArchitectureTest.MAIN));
    assertThat(found).hasSizeGreaterThanOrEqualTo(15);
    found.removeAll(cases.dispatchers().stream().map(Dispatcher::name).collect(Collectors.toSet()));
    assertThat(found).as("they tell types apart, but no *Cases feeds them").isEmpty();
  }
}
