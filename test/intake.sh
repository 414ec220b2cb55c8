# Prints the figures of the door: reports from many people at once on this machine,
# beside the latency of its disk. Usage: sh test/intake.sh [REPORTS]
set -eu
n=${1:-20000}
dir=$(mktemp -d)
trap 'kill $pid 2>/dev/null; rm -rf "$dir"' EXIT
go build -o "$dir/homeward" ./cmd/homeward
HOMEWARD_ADMIN_PASSPHRASE='five invented words for tests' "$dir/homeward" init --for-test --data "$dir/data" >/dev/null
"$dir/homeward" serve --data "$dir/data" --listen 127.0.0.1:0 >"$dir/out" 2>/dev/null &
pid=$!
until grep -q http "$dir/out"; do sleep 0.1; done
url=$(sed -n 's/.*\(http[^ ]*\)\/$/\1/p' "$dir/out")
echo "disk: 200 writes of 4 KB, each synced:"
dd if=/dev/zero of="$dir/data/sync" bs=4k count=200 oflag=dsync 2>&1 | tail -1
rm "$dir/data/sync"
"$dir/homeward" bench intake --url "$url" --reports "$n" --concurrency 50 --pid "$pid"
"$dir/homeward" ledger verify --data "$dir/data"
