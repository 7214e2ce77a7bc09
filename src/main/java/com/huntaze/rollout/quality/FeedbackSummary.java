package com.huntaze.rollout.quality;

import com.huntaze.rollout.provider.Provider;
import java.util.Map;
import java.util.SortedMap;

/**
 * The callers' ratings of both providers' answers.
 *
 * @param total of all that was rated
 * @param rows the same of each value of the subject
 * @param labels how often each label was given, by provider
 */
public record FeedbackSummary(
    SideBySide total,
    SortedMap<String, SideBySide> rows,
    Map<Provider, ? extends SortedMap<String, Long>> labels) {}
