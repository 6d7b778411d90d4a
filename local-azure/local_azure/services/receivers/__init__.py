"""Handlers of events that users have outside: functions and webhooks that answer as one chooses."""
