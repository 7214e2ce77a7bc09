/**
 * The outcomes of attempts and exchanges, and whose fault each is. The only place where a status or
 * a reset becomes a judgement.
 *
 * <p>Pure: {@code java.*} and jackson-core's streaming parser. Source of the rules: the design's
 * table "What a provider's answer means".
 */
package com.huntaze.rollout.outcome;
