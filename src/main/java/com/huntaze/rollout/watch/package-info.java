/** The process's one watch of files: configuration, prices, secrets, certificates and tokens. */
package com.huntaze.rollout.watch;
