#!/bin/sh
# Installs what the tests use, if it is not there: Debian's packages, as root.
# Without it the tests that need them skip and say so.
set -eu
want="tesseract-ocr tesseract-ocr-chi-tra tesseract-ocr-chi-sim tesseract-ocr-tha tesseract-ocr-vie tesseract-ocr-msa tesseract-ocr-ind tesseract-ocr-fil tesseract-ocr-mya tesseract-ocr-khm tesseract-ocr-kor tesseract-ocr-hin tesseract-ocr-jpn chromium pebble bogofilter libimage-exiftool-perl poppler-utils qpdf libharfbuzz-bin fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji gcc libc6-dev postgresql-15"
missing=
for p in $want; do
	dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $p"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" != 0 ]; then
	echo "not root, so not installed:$missing (tests that need them will skip)" >&2
	exit 0
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing >/dev/null
