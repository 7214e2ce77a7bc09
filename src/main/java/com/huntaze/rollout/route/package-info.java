/** The paths that the proxy knows, and what may be done with the requests to them. Pure. */
package com.huntaze.rollout.route;
