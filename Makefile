# Everything that is done with this project. `make` alone lists it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

STACK ?= dev
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
VENV := venv/bin/python
QUICK := -m 'not long' --no-loadscope-reorder
# those with servers wait half of their time: on two cores three processes take 0.85 of the time of two
CORES := $(shell getconf _NPROCESSORS_ONLN)
PARALLEL := --numprocesses=$(shell echo $$(($(CORES) + 1)))
LOCAL := $(VENV) -m local_azure

# the CLI that the set-up chose, before any other
export PATH := $(CURDIR)/.tools/bin:$(PATH)
export PULUMI_SKIP_UPDATE_CHECK := true
# each process would compile our own modules anew, and rewrite each test: 3 s a worker
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## list the targets
	@echo 'make TARGET [STACK=dev]'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# What a user does

.PHONY: demo test test-all test-unit soak features oracle clients models browser conformance check policies bench
.PHONY: adf-templates
demo: setup ## on the embedded Azure: a file lands, a batch job scores it, step by step
	@$(VENV) -m tools.demo $(STACK)

test: setup ## the tests that run offline, but for the long ones
	@$(VENV) -m pytest $(QUICK) $(PARALLEL)

test-all: setup ## every test that runs offline, the long ones too
	@$(VENV) -m pytest --no-loadscope-reorder $(PARALLEL)

test-unit: venv/installed ## its fast part: mocks and templates
	@$(VENV) -m pytest tests/unit tests/templates $(QUICK) --numprocesses=logical

soak: setup ## long runs, minutes to hours, of which `make test-all` has short ones (ONLY=kill: those named so)
	@$(VENV) -m pytest tests/soak -p no:cacheprovider -s $(if $(ONLY),-k '$(ONLY)')

features: setup ## each feature, the tests that prove it, and how they end
	@$(VENV) -m tools.features

oracle: setup ## judge expressions, definitions and pipelines by Microsoft's engine and test framework
	@$(VENV) -m tools.oracle

clients: setup ## azure-cli runs every `az` line of the documents on the embedded Azure; other clients of Azure's, a program in YAML
	@$(VENV) -m tools.azure_clients -rs -vv

models: setup ## models in environments of their own: MLflow, pandas, scikit-learn, from a file to predictions
	@$(VENV) -m pytest tests/models -p no:cacheprovider -rs

browser: setup ## the embedded Azure's page in a headless Chromium (Debian's package, fetched where it is missing)
	@$(VENV) -m tools.browser -rs

conformance: setup ## the recorded facts, asked of the embedded Azure or, after a yes, of SUBSCRIPTION ([LOCATION=…] [REMOVE=1])
	@$(if $(SUBSCRIPTION),PYTHONPATH='$(CURDIR)/local-azure' $(VENV) -m tests.conformance --subscription '$(SUBSCRIPTION)' \
		$(if $(LOCATION),--location '$(LOCATION)') $(if $(REMOVE),--remove),$(VENV) -m pytest local-azure/local_azure_tests/recorded)

check: venv/installed ## format, lint, types, the templates, and the policies
	@$(VENV) -m ruff format --check .
	@$(VENV) -m ruff check .
	@$(VENV) -m mypy
	@$(LOCAL) lint logicapp_templates/*.json adf_templates/*/*.json
	@$(VENV) -m pytest tests/unit/test_policies.py

policies: setup policy/venv/installed ## the policy pack in Pulumi's own engine, on the embedded Azure
	@$(VENV) -m pytest tests/stack/policy_pack

policy/venv/installed: policy/requirements.txt
	@$(PYTHON) -m venv policy/venv
	@policy/venv/bin/python -m pip install --quiet --requirement policy/requirements.txt
	@touch policy/venv/installed

adf-templates: venv/installed ## pack each pipeline as the .zip that Data Factory Studio imports
	@$(VENV) -m tools.adf_templates

bench: setup ## ratios measured in one run
	@$(VENV) -m benchmarks

# On Azure: `pulumi login` and `az login` first

# What something else sets once `up` has made it: azure-native heeds no ignoreChanges in a refresh (its Diff), so it would
# be drift. These alone: of what it has just made, a role say, Azure may not know yet, and a refresh would forget it.
SET_SINCE := machinelearningservices:BatchEndpoint machinelearningservices:Workspace network:PrivateEndpoint \
	storage:StorageAccount web:Connection logic:Workflow

.PHONY: preview up refresh destroy
preview: setup ## on Azure: what `up` would change in STACK
	@pulumi preview --stack $(STACK) --diff

up: setup ## on Azure: bring STACK to what the program says
	@pulumi up --stack $(STACK)
	@$(MAKE) refresh

refresh: ## on Azure: read into STACK's state what Azure says of what something else sets, as a default deployment
	@pulumi refresh --stack $(STACK) --yes --skip-preview --non-interactive --suppress-outputs \
		$(SET_SINCE:%=--target '**azure-native:%::**')

destroy: setup ## on Azure: remove what STACK created
	@pulumi destroy --stack $(STACK)

.PHONY: resume
resume: setup ## on Azure: take up STACK after an `up` or a `destroy` that was killed
	@$(VENV) -m tools.resume --stack $(STACK)

.PHONY: verify
verify: setup ## on Azure: prove STACK, from a file that lands to its predictions
	@$(VENV) -m batch_client verify --stack $(STACK) $(if $(SAMPLE),--sample '$(SAMPLE)')

.PHONY: watch
watch: setup ## on Azure: what no event told of STACK in the last HOURS (24)
	@$(VENV) -m batch_client watch --stack $(STACK) --hours $(or $(HOURS),24)

# On the embedded Azure

.PHONY: local-preview local-up local-resume local-verify local-destroy
local-preview: setup ## on the embedded Azure: what `up` would change in STACK
	@$(LOCAL) stack preview --stack $(STACK)

local-up: setup ## on the embedded Azure: bring STACK to what the program says
	@$(LOCAL) stack up --stack $(STACK)

local-resume: setup ## on the embedded Azure: take up STACK, as `make resume` does on Azure
	@variables=$$($(LOCAL) env --stack $(STACK)) && eval "$$variables" && \
		$(VENV) -m tools.resume --stack $(STACK)

# a pipeline looks at its job after two minutes at first
local-verify: setup ## on the embedded Azure: prove STACK, as `make verify` does on Azure
	@variables=$$($(LOCAL) env --stack $(STACK)) && eval "$$variables" && \
		$(VENV) -m batch_client verify --stack $(STACK) --timeout 300 $(if $(SAMPLE),--sample '$(SAMPLE)')

local-destroy: setup ## on the embedded Azure: remove what STACK created
	@$(LOCAL) stack destroy --stack $(STACK)

# Set-up: once for each checkout, the big parts once for each user

STEPS := venv/installed .tools/cli .tools/storage .tools/machine-learning

.PHONY: setup FORCE
setup: ## virtual environment, Pulumi CLI, Azurite, azure-ai-ml (the other targets call it)
	@$(MAKE) --question $(STEPS) 2>/dev/null || { \
		echo 'Setting up, four steps at once'; \
		MAKEFLAGS= $(MAKE) --no-print-directory --jobs=4 $(STEPS) PYTHON=$(PYTHON); \
		echo "Set up in $$SECONDS s"; }

venv/installed: requirements.lock local-azure/pyproject.toml
	$(need-python)
	@$(PYTHON) -m tools.virtual_environment
	@touch $@

.tools/cli: .pulumi.version tools/pulumi_cli/go.mod $(if $(wildcard .tools/bin/pulumi),,FORCE)
	$(need-python)
	@$(PYTHON) -m tools.pulumi_cli
	@touch $@

.tools/storage: local-azure/local_azure/services/storage/npm/package-lock.json venv/installed
	@$(LOCAL) install
	@touch $@

.tools/machine-learning: tools/azure_ai_ml.py $(if $(wildcard .tools/azure-ai-ml/.),,FORCE)
	$(need-python)
	@$(PYTHON) -m tools.azure_ai_ml
	@touch $@

FORCE:

define need-python
$(if $(PYTHON),,$(error There is no Python 3.11 or later. Install one, or name it: make PYTHON=/path/to/python3 ...))
endef

.PHONY: lock
lock: venv/installed ## requirements.lock anew, of what requirements.txt and requirements-dev.txt pin
	@$(VENV) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--no-emit-package azureml-batch-events --no-emit-package local-azure requirements-dev.txt -o requirements.lock

.PHONY: clean
clean: ## remove what make made here
	@if [ -x $(VENV) ]; then $(LOCAL) stop >/dev/null 2>&1 || true; fi
	@rm -rf venv .tools .local build .pytest_cache .mypy_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "Kept: $${XDG_CACHE_HOME:-$$HOME/.cache}/azureml-batch-events (Pulumi CLI, azure-ai-ml) and .../local-azure (Azurite); remove them by hand for a new start"
