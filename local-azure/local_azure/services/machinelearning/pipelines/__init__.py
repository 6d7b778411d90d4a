"""Pipeline components: a batch endpoint's deployment that runs commands, one after another."""
