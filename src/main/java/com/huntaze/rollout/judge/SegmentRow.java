package com.huntaze.rollout.judge;

import com.huntaze.rollout.judge.segment.Segment;

/** A figure of one part of the traffic beside legacy's. */
public record SegmentRow(Segment segment, MetricRow row) {}
