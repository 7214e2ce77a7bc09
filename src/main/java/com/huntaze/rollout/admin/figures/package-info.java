/** Figures of several replicas, put together. */
package com.huntaze.rollout.admin.figures;
