# make help lists what there is.
PYTHON ?= python3
PORT ?= 8000
CLOUD_PORT ?= 4566
ENGINE ?= ministack
PY := .venv/bin/python
RUN := $(PY) -m local.run

.DEFAULT_GOAL := help
.PHONY: help venv lock run stop reset logs

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

venv: ## the environments, from the lock files
	@$(PYTHON) scripts/bootstrap.py

lock: ## rewrite the lock files from the .in files (UPGRADE=1 takes new versions)
	@bash scripts/lock.sh

run: venv ## the whole product at http://localhost:8000 (PORT=, DETACH=1, AUTH=1, ENGINE=dynamodb-local)
	@exec $(RUN) up --port $(PORT) --cloud-port $(CLOUD_PORT) --engine $(ENGINE) $(if $(DETACH),--detach) $(if $(AUTH),--auth)

stop: venv ## stop what make run started; the data stays
	@$(RUN) stop

reset: venv ## stop it and remove its data
	@$(RUN) reset

logs: venv ## what the functions say, as it comes
	@exec $(RUN) logs
