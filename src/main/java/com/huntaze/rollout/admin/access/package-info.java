/** Callers of the admin port: their names, their roles, and the ways in which they are known. */
package com.huntaze.rollout.admin.access;
