"""Logic Apps, Consumption plan: runs the workflow definitions that the program deploys."""
