"""What the runs of Logic Apps and of Data Factory share: how they call, wait, sign in and refer."""
