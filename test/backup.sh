# Prints how long a backup of many reports takes, how much memory, and how long it takes
# to put it back, while the server runs. Usage: sh test/backup.sh [REPORTS]
set -eu
n=${1:-20000}
dir=$(mktemp -d)
trap 'kill $pid 2>/dev/null; rm -rf "$dir"' EXIT
go build -o "$dir/homeward" ./cmd/homeward
export HOMEWARD_ADMIN_PASSPHRASE='five invented words for tests' HOMEWARD_BACKUP_PASSPHRASE='six invented words for a backup'
"$dir/homeward" init --for-test --data "$dir/data" >/dev/null
"$dir/homeward" backup key --data "$dir/data" --to "$dir/opens" >/dev/null
"$dir/homeward" serve --data "$dir/data" --listen 127.0.0.1:0 >"$dir/out" 2>/dev/null &
pid=$!
until grep -q http "$dir/out"; do sleep 0.1; done
url=$(sed -n 's/.*\(http[^ ]*\)\/$/\1/p' "$dir/out")
"$dir/homeward" bench intake --url "$url" --reports "$n" --concurrency 50 --pid "$pid" | sed -n '/reports sent/p;/refused/p;/request took/p'
du -sk "$dir/data" | sed 's/\t.*/ KB of data/'
# measured NAME COMMAND…: prints its output, seconds and greatest memory
measured() {
	name=$1
	shift
	start=$(date +%s%N)
	"$@" >"$dir/said" &
	it=$!
	most=0
	while kill -0 $it 2>/dev/null; do
		now=$(sed -n 's/VmHWM:[^0-9]*\([0-9]*\).*/\1/p' /proc/$it/status 2>/dev/null || true)
		[ "${now:-0}" -gt "$most" ] && most=$now
		sleep 0.02
	done
	wait $it || true
	echo "$name: $((($(date +%s%N) - start) / 1000000)) ms, $((most / 1024)) MB"
}
measured 'backup to a key' "$dir/homeward" backup --data "$dir/data" --to "$dir/a.age"
sed -n 1,2p "$dir/said"
measured 'backup to a passphrase' "$dir/homeward" backup --passphrase --data "$dir/data" --to "$dir/b.age"
sleep 2
"$dir/homeward" bench intake --url "$url" --reports 2000 --concurrency 50 --pid "$pid" >"$dir/alone"
"$dir/homeward" bench intake --url "$url" --reports 2000 --concurrency 50 --pid "$pid" >"$dir/load" &
load=$!
sleep 1
measured 'backup to a key, under load' "$dir/homeward" backup --data "$dir/data" --to "$dir/c.age"
wait $load
echo 'without a backup:' "$(sed -n '/request took/p' "$dir/alone")"
echo 'beside a backup: ' "$(sed -n '/request took/p;/refused/p' "$dir/load" | tr '\n' ' ')"
measured 'restore' "$dir/homeward" restore --key "$dir/opens" --data "$dir/again" "$dir/a.age"
measured 'doctor' "$dir/homeward" doctor --data "$dir/data" 2>/dev/null
