# Each target says what it does behind its name; `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

GO ?= go
SEED ?=
LANG_OF_TOUR ?= en
STATIC := CGO_ENABLED=0 $(GO) build -trimpath -tags timetzdata -ldflags "-s -w"

.PHONY: help build test race lint ci chaos chaos-short bench bench-asynq bench-cal tour manifest update-goldens image

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## Build dist/gongdan, static, as the image has it
	@mkdir -p dist
	$(STATIC) -o dist/gongdan ./cmd/gongdan

test: ## Run the tests; what needs Redis says that it was skipped
	$(GO) test ./...

race: ## Run the tests under the race detector (needs gcc)
	$(GO) test -race -timeout 15m ./...

lint: ## Check format, vet and staticcheck
	@unformatted=$$(gofmt -l $$(git ls-files --cached --others --exclude-standard '*.go')); \
	if [ -n "$$unformatted" ]; then echo "gofmt -w these:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

ci: ## Run every check that guards a change, on a real Redis
	.ci/run

chaos: ## Kill the bot 50 times under load on a real Redis; SEED=n replays (at most 5 minutes)
	$(GO) run ./cmd/gongdan chaos --kills 50 --redis-kills 3 --limit 5m $(if $(SEED),--seed $(SEED))

chaos-short: ## The same with a few kills, in less than a minute
	$(GO) run ./cmd/gongdan chaos --kills 6 --redis-kills 1 --limit 2m $(if $(SEED),--seed $(SEED))

bench: ## Measure reminders, intake and commits
	$(GO) run ./cmd/gongdan bench timers
	$(GO) run ./cmd/gongdan bench intake
	$(GO) run ./cmd/gongdan bench commit

bench-asynq: ## Measure reminders beside hibiken/asynq on one Redis, about ten minutes
	cd cmd/internal/bench/rivals && $(GO) run .

bench-cal: ## Measure handling hours alone, then beside rickar/cal
	$(GO) test -run '^$$' -bench Add -count 5 ./tickets/sla
	cd cmd/internal/bench/rivals && $(GO) test -bench . -count 5 .

tour: ## Show the story: LANG_OF_TOUR=zh-CN for Chinese
	$(GO) run ./cmd/gongdan demo --tour --lang $(LANG_OF_TOUR)

manifest: ## Print the Slack app manifest
	@$(GO) run ./cmd/gongdan manifest

update-goldens: ## Rewrite golden files and generated tables; look at the diff before committing
	$(GO) test $$(grep -rlE 'flag\.Bool\("update"' --include='*_test.go' . | xargs -n1 dirname | sort -u) -update

image: ## Build the container image gongdan
	docker build -t gongdan .
