package com.huntaze.rollout.alert;

/** The kinds of alert channels. */
public enum ChannelType {
  /** A line in the log. */
  LOG,
  /** An incoming webhook of Slack. */
  SLACK,
  /** A POST of JSON, signed when a secret is given. */
  WEBHOOK,
  /** A mail over SMTP. */
  EMAIL
}
