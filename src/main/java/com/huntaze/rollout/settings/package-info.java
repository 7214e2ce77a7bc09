/**
 * The vocabulary of the settings records: how a value is described, checked and complained about.
 * Each feature owns its record and {@code config} reads them all. Pure Java.
 */
package com.huntaze.rollout.settings;
