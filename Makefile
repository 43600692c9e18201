# The front door. Everything here is a thin name for a script; `make help` tells what there is.
#
# `make run` and `make test` are all that a fresh Debian 12 needs: both install what is missing, build, and go.
.DEFAULT_GOAL := help
.PHONY: help run test test-crash test-ha test-upgrade test-tsan analyze coverage bench bench-web bench-load security build deb test-deb web fmt check screenshots install clean distclean
.SUFFIXES:
MAKEFLAGS += --no-print-directory

MODULE ?=

help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))
	@echo "  make test MODULE=orders   one folder of src, one suite (fuzz, web, layers …) or one test by its name"

run: ## install what is missing, build, start the server with the sandbox marketplaces; Ctrl-C stops all of it
	@scripts/run.sh

test: ## every suite; ends with one line: N passed, N failed
	@scripts/test.sh $(MODULE)

test-%:
	@scripts/test.sh $*

test-crash: ## kill everything often: make test-crash KILLS=20 RANDOM=200 CUTS=100 DB_KILLS=20 DAYS=10
	@KILLS='$(KILLS)' RANDOM_KILLS='$(RANDOM)' CUTS='$(CUTS)' DB_KILLS='$(DB_KILLS)' DAYS='$(DAYS)' SEED='$(SEED)' scripts/test-crash.sh

bench: ## speed and size as ratios to bare libraries, in one run
	@scripts/bench.sh store

bench-web: ## size of the web build and speed of its screens
	@scripts/bench.sh web

security: ## the demo under sqlmap, wapiti and slowhttptest, as far as they are installed
	@tests/security/run.sh

bench-load: ## the biggest shop's peak in small: waits, memory, processor, and what is refused
	@scripts/bench.sh load

analyze: ## clang-tidy, cppcheck and gcc -fanalyzer over src, with their counts: make analyze FILES='src/db/*.c' TOOLS=gcc
	@TOOLS='$(TOOLS)' scripts/analyze.sh $(FILES)

coverage: ## which share of the lines of src the tests run, by folder
	@scripts/coverage.sh $(SUITES)

test-tsan: ## the server under load with ThreadSanitizer, on both databases
	@tests/tsan.sh

build: ## the server for release, into build/release
	@scripts/install.sh build
	@scripts/web.sh
	@scripts/build.sh release

deb: ## the server as a Debian package, into build/deb
	@scripts/deb.sh

test-ha: ## three hosts as network namespaces: kill and cut off the primary under writes; needs root
	@HA_ROUNDS='$(ROUNDS)' tests/ha/run.sh

test-upgrade: ## two versions side by side on one PostgreSQL, and one that may not; builds four of them
	@tests/upgrade/run.sh

test-deb: ## install, upgrade, remove that package in a Debian of its own; needs root
	@tests/package/test-deb.sh

web: ## the web UI alone, into web/dist
	@scripts/install.sh web
	@scripts/web.sh

install: ## only install what `run` and `test` need
	@scripts/install.sh build web test

fmt: ## write C and web sources in the house style
	@scripts/style.sh write

check: ## style and lint without running anything
	@scripts/style.sh check

screenshots: ## pictures of the screens, from a running demo, into screenshots/
	@scripts/screenshots.sh

clean: ## forget what was built; keeps the tools that were fetched
	@rm -rf build/asan build/clang build/release build/test-logs build/fuzz-found build/packed build/*.stamp web/dist

distclean: clean ## also forget the web packages and the fetched Node
	@rm -rf build web/node_modules
