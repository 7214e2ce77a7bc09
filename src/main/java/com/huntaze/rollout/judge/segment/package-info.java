/**
 * Parts of the traffic, such as one model's, each compared with legacy's part by itself: a fault of
 * one part in a hundred is nothing in the whole, and everything to those who are in it.
 */
package com.huntaze.rollout.judge.segment;
