.PHONY: build test check lint bench quality fuzz setup

build:            # one binary
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags='-s -w -buildid=' -o homeward ./cmd/homeward

setup:            # what the tests need, from Debian's packages; as root
	sh test/setup.sh

test: setup       # everything, with the race detector
	go vet ./...
	go test -race -shuffle=on -timeout 25m ./...

check:            # the same without installing anything; what is missing is skipped, and said
	go test -shuffle=on ./...

lint:             # formatting and static checks
	sh test/lint.sh

bench:            # hot paths beside their baselines, on one core
	GOMAXPROCS=1 go test -run '^$$' -bench . -benchmem ./know/text ./know/lure ./know/name ./know/person ./form/picture ./form/exchange ./keep/vault ./keep/ledger ./work/desk ./work/casework
	go run ./test/bench
	go run ./test/load
	sh test/intake.sh
	sh test/backup.sh
	go test -count=1 -run 'TestSlowLine' -v ./test/browser | grep -v '^=== '
	go test -count=1 -run 'TestBytes' -v ./door/public | grep -v '^=== '

quality:          # the figures of docs/quality.md
	go run ./test/quality

fuzz:             # every parser of strangers' bytes, a while each
	sh test/fuzz.sh
