/** Bearer tokens for providers, which are issued for a time and renewed before they end. */
package com.huntaze.rollout.token;
