"""What a run makes, takes and costs, told before anything is done."""

TERMS = """\
This asks Azure itself what the embedded Azure answers. In subscription {subscription}, region
{location}, it makes resource group {group}, and in it by plain `pulumi up` the dev stack, and one
resource of each kind that the facts speak of: 6 storage accounts, 2 workspaces with a cluster each
way of 0 to 2 nodes, vaults, a log workspace, registries, data factories, workflows, Event Grid
topics, a Service Bus and two Event Hubs namespaces. Beside the group: applications in Entra,
custom roles, and for a moment a role at the subscription. It starts four batch jobs over an empty
folder.

Whoever is signed in needs Owner of the subscription and the right to make applications.

What it takes: about an hour, of which a role's way through Azure is up to 15 minutes (UNVERIFIED:
no run on Azure has been timed).
What it may cost, in USD (unit prices: infracost's golden files of 2024-07; look yours up):
  nodes of the cluster  0.19 to 0.24 an hour each while jobs run, and some minutes after
  Service Bus Standard  9.81 a month, 3 namespaces: 0.04 an hour
  registries, Basic     5 a month: 0.01 an hour
  Event Hubs Standard   two units; their price is in no source here (UNVERIFIED)
  runs, operations, storage, logs of one hour: below 0.05
So below 1 for a run that ends, and above 20 a month for what is left lying of one that does not.

It sends nothing. What it writes, without ids, people and secrets, lies in {folder}:
report.md, facts.json and exchanges.jsonl, to read and to send in.
Deleted vaults and workspaces can be restored for a while, as always; they have random names.
"""
