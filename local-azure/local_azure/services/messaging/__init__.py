"""Event Hubs and Service Bus: namespaces, what is in them, and the messages that were sent."""
