"""What every service is built on: time, state, hosts, resources, directory and rights."""
