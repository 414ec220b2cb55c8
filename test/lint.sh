#!/bin/sh
# Formatting, vet and staticcheck, at pinned versions.
set -eu
export GOFLAGS=-mod=mod
bad=$(go run mvdan.cc/gofumpt@v0.12.0 -l .)
if [ -n "$bad" ]; then
	echo "not gofumpt-clean:" "$bad" >&2
	exit 1
fi
GOFLAGS= go vet ./...
go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...
