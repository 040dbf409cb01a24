# Everything runs from here; a fresh machine needs Python 3.11 or newer with venv, and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python -m xinheng
SCALE ?= 1
SERVE ?= 1
TEST_PROCESSES ?= 2
HALL := $(or $(XINHENG_HOME),var)/hall

.DEFAULT_GOAL := help
.PHONY: help demo hall test test-all test-spark test-pg15 bench check bundle fix lock

help:
	@echo "make demo      建立虚构的演示县并打开网站（SERVE=0 只打印汇总，SCALE=0.1 建小一些的县）"
	@echo "make hall      在演示县旁边打开虚构的办事大厅，演示核查的接入（先在另一个终端运行 make demo）"
	@echo "make test      运行全部测试：先快后慢"
	@echo "make check     检查代码：ruff、mypy、import-linter、Django 系统检查和迁移检查"
	@echo "make bench     测量速度（SCALE=1m、7m、70m 建这么多条信息的县，可中断，再运行时继续）"
	@echo "make test-spark 在 Apache Spark 上核对三个引擎的结果（须有 Java 17）"
	@echo "make test-pg15 在 PostgreSQL 15 上运行测试（须有 XINHENG_PG15_BIN）"
	@echo "make bundle    做一个离线安装包（dist/），并在没有软件源的环境中试装"
	@echo "make lock      更新依赖锁定文件"

demo: $(VENV)/runtime.stamp
	@$(RUN) demo summary 2> /dev/null || $(RUN) demo load --scale $(SCALE)
	@if [ "$(SERVE)" != "0" ]; then $(RUN) serve; fi

# The hall's secret is made once, for the approval bureau of the demo county, and kept where only its owner reads.
hall: $(VENV)/runtime.stamp
	@test -s $(HALL)/hall.secret || (umask 077; mkdir -p $(HALL); $(RUN) client create 政务服务大厅（演示） \
		--department 11990001000009515R --scope check --json > $(HALL)/hall.new && mv $(HALL)/hall.new $(HALL)/hall.secret)
	@PYTHONPATH=clients/python/src:clients/hall $(BIN)/python -m pretend_hall \
		--secret-file $(HALL)/hall.secret --keys $(HALL)/keys.json

# The fast suite first; then what is slow (kill loops, generated calls), each file whole in one process; browsers last,
# alone, since they wait for pages like people, and a process that drove one has a loop in which the database refuses.
test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist worksteal -m "not slow and not browser"
	$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist loadfile -m "slow and not browser"
	$(BIN)/python tools/chromium.py --install
	$(BIN)/python -m pytest -m browser

test-all: test

# The engines against one another on Apache Spark; needs Java 17 and installs pyspark.
test-spark: $(VENV)/spark.stamp
	XINHENG_REQUIRE_SPARK=1 $(BIN)/python -m pytest tests/spec tests/cli/test_ledger_statistics.py

test-pg15: $(VENV)/dev.stamp
	XINHENG_PG_BIN="$(XINHENG_PG15_BIN)" XINHENG_TEST_HOME=var/test-pg15 \
		$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist worksteal -m "not slow and not browser"

# Without SCALE the county office's daily measures; with it a county of so many records, phase by phase, which goes on
# where it was stopped, beside pandas, Polars and (where Java is) Spark.
ifeq ($(SCALE),1)
bench: $(VENV)/dev.stamp
	$(BIN)/python -m bench
else
bench: $(VENV)/spark.stamp
	$(BIN)/python -m bench.scale --scale $(SCALE)
endif

check: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	DJANGO_SETTINGS_MODULE=xinheng.site.settings $(BIN)/python -W error::RuntimeWarning -m django check
	DJANGO_SETTINGS_MODULE=xinheng.site.settings $(BIN)/python -W ignore::RuntimeWarning -m django makemigrations --check --dry-run
	XINHENG_PROXIES=1 XINHENG_SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(60))") \
		DJANGO_SETTINGS_MODULE=xinheng.site.settings \
		$(BIN)/python -W ignore::RuntimeWarning -m django check --deploy --fail-level WARNING
	$(RUN) rulebook check
	$(BIN)/python tools/advisories.py

# Every wheel of the lock, fonts and documentation in one archive; then installed where no index can be reached.
bundle: $(VENV)/dev.stamp
	$(BIN)/python tools/bundle.py --try

fix: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(VENV)/dev.stamp
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --quiet -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --quiet -o requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml --extra dev --extra spark --extra bench --universal --generate-hashes --no-emit-index-url \
		--no-header --python-version 3.11 --quiet -c requirements-dev.lock -o requirements-spark.lock

$(VENV)/runtime.stamp: requirements.lock pyproject.toml tools/setup.sh
	@PYTHON="$(PYTHON)" VENV="$(VENV)" sh tools/setup.sh runtime requirements.lock

$(VENV)/dev.stamp: requirements-dev.lock pyproject.toml tools/setup.sh
	@PYTHON="$(PYTHON)" VENV="$(VENV)" sh tools/setup.sh dev requirements-dev.lock

$(VENV)/spark.stamp: requirements-spark.lock $(VENV)/dev.stamp
	@PYTHON="$(PYTHON)" VENV="$(VENV)" sh tools/setup.sh spark requirements-spark.lock
