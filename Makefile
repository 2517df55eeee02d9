# make demo   see it read a scanned letter
# make test   everything that must pass before a change goes in
# make deps   the Debian packages for both; nothing else calls a package manager
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

GO      ?= go
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null)
LDFLAGS := -X github.com/congvan-cli/congvan/pkg/cli.version=$(VERSION)
BIN     := bin/congvan
DEMO    ?= testdata/letters/cong-van.png

# A module of its own: the tests that need other people's libraries.
CONFORM := pkg/internal/conform

# Packages whose tests also run under the race detector: those with goroutines.
RACE := ./pkg/internal/batch/... ./pkg/cli/... ./pkg/internal/reading/document/... ./pkg/internal/reading/ocr/... ./pkg/internal/text/sense

.PHONY: all build deps demo test stress mutants lint bench eval release clean

all: build

build:
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $(BIN) ./cmd/congvan

# Debian packages, when they are missing; see .ci/install.
deps:
	@./.ci/install

demo: deps build
	@echo "--- $(DEMO), as read by congvan:"
	@$(BIN) ocr $(DEMO) -o -

test: deps lint
	CGO_ENABLED=0 $(GO) build -o /dev/null ./cmd/congvan
	$(GO) test ./...
	cd $(CONFORM) && $(GO) test ./...
	$(GO) test -race -short $(RACE)
	$(GO) test -race -short -run 'Concurrent|Streams' ./pkg/restore

# The promises of the batch in full: 100,000 documents, 100 kills. Ten minutes.
stress:
	$(GO) test ./pkg/internal/batch -run 'Scale|Kill9' -v -timeout 30m -args -stress

# Whether the tests notice a line made wrong. That they notice a weight or a bound
# moved, make test asks each time.
mutants:
	$(GO) run ./pkg/internal/lab/mutate .ci/mutants

lint:
	@test -z "$$(gofmt -l cmd pkg models)" || { gofmt -d cmd pkg models; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	cd $(CONFORM) && $(GO) vet ./...

bench: build
	$(GO) test -run '^$$' -bench . -benchmem ./...
	./.ci/bench

# Error rates on the development data, which are not part of this repository.
eval: build
	@test -d ../shared/data || { echo "make eval: needs the development data in ../shared/data, which is not there" >&2; exit 1; }
	./.ci/eval

# What a release holds, into dist/; and whether it is the same when built again
# and runs on a Debian that has nothing but its package.
release: deps
	./.ci/release
	cd $(CONFORM) && $(GO) test . -run Release -v -timeout 60m -args -dist $(CURDIR)/dist

clean:
	rm -rf bin dist
