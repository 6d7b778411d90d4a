"""Connections of Logic Apps: Office 365 Outlook, of which e-mails are kept and never sent.

Every other connector is declined by name.
"""
