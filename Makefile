# make help lists what there is.
PYTHON ?= python3
PORT ?= 8000
CLOUD_PORT ?= 4566
ENGINE ?= ministack
BENCH ?=
PY := .venv/bin/python
RUN := $(PY) -m local.run

.DEFAULT_GOAL := help
.PHONY: help venv lock run stop reset logs clock simulate check test fmt bench deploy

help: ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: venv ## the whole product at http://localhost:8000 (PORT=, DETACH=1, AUTH=1, ENGINE=dynamodb-local)
	@exec $(RUN) up --port $(PORT) --cloud-port $(CLOUD_PORT) --engine $(ENGINE) $(if $(DETACH),--detach) $(if $(AUTH),--auth)

stop: venv ## stop what make run started; the data stays in .local/
	@$(RUN) stop

reset: venv ## stop it and remove its data
	@$(RUN) reset

logs: venv ## what the functions say, as it comes
	@exec $(RUN) logs

simulate: venv ## agents along real streets, beside make run (AGENTS=200 EVERY=20 MINUTES=10)
	@exec $(PY) -m local.simulator --agents $(or $(AGENTS),50) $(if $(EVERY),--every $(EVERY)) $(if $(MINUTES),--minutes $(MINUTES))

clock: venv ## move the laptop's clock (DAYS=3, TO=2026-12-01T09:00; alone: the real time)
	@$(RUN) clock $(if $(DAYS),--days $(DAYS)) $(if $(TO),--to $(TO))

check: venv ## format, lint, types, import contracts, unit tests: on every save
	@$(PY) scripts/checks.py fast

test: ## everything, the deployed stack and browsers included
	@$(PYTHON) scripts/bootstrap.py --all
	@$(PY) scripts/checks.py all

fmt: venv ## put the code into shape
	@.venv/bin/ruff check -q --fix . ; .venv/bin/ruff format .

bench: venv ## measure, against floors taken in the same run (BENCH=cold_start for one)
	@$(PY) scripts/bench.py $(BENCH)

deploy: venv ## to AWS (STAGE=dev|prod ADMIN=you@example.org; docs/deploy.md)
	@$(PY) -m infra.stage $(if $(STAGE),--stage $(STAGE)) $(if $(ADMIN),--admin $(ADMIN)) $(DEPLOY)

venv: ## the environments, from the lock files
	@$(PYTHON) scripts/bootstrap.py

lock: venv ## rewrite the lock files from the .in files (UPGRADE=1 takes new versions)
	@bash scripts/lock.sh
