package com.huntaze.rollout.admin;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.exchange.Activity;
import com.huntaze.rollout.quality.FeedbackBook;
import com.huntaze.rollout.settings.ListenerSettings;
import com.huntaze.rollout.traffic.TrafficMetrics;
import com.huntaze.rollout.watch.FileWatch;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The sources of the admin port's answers, and the means by which it acts.
 *
 * @param bus where it asks and listens
 * @param files the process's watch of files
 * @param settings where it listens and whom it lets in
 * @param scrape where health and metrics are told beside it, {@code null} = nowhere
 * @param version of the program
 * @param registry whose meters {@code /metrics} shows
 * @param feedback what callers think of answers
 * @param activity the latest requests and the traffic of the moment
 * @param split what the splitters were told and did, of all event loops together
 * @param simulated whether the providers are simulated, and may be broken
 * @param ready what {@code /readyz} answers
 */
public record AdminParts(
    Bus bus,
    FileWatch files,
    AdminSettings settings,
    ListenerSettings scrape,
    String version,
    PrometheusMeterRegistry registry,
    FeedbackBook feedback,
    Activity activity,
    Supplier<TrafficMetrics> split,
    boolean simulated,
    BooleanSupplier ready) {}
