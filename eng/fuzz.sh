#!/usr/bin/env bash
# Fuzzes a binary reader with AFL++, guided by the branches it takes. Needs the package afl++ (Debian: apt-get install afl++).
#
#   eng/fuzz.sh READER [SECONDS]      mat5, npy, npz, safetensors or hdf5; 60 seconds unless told otherwise
#   SEEDS=FOLDER eng/fuzz.sh READER   with the files of a folder to begin from as well
#
# What is found stays in artifacts/fuzz/READER/found; a crash is read again with
#   artifacts/bin/Unseen.Fuzz/release_linux-x64/Unseen.Fuzz replay READER FILE
# The exit code is 1 when the reader crashed or hung.
set -euo pipefail
reader=${1:?usage: eng/fuzz.sh READER [SECONDS]} seconds=${2:-60}
cd "$(dirname "$0")/.."
command -v afl-fuzz > /dev/null || { echo "afl-fuzz is not installed: apt-get install afl++" >&2; exit 2; }
work=artifacts/fuzz/$reader program=artifacts/fuzz/program
rm -rf "$work" && mkdir -p "$work"
dotnet tool restore > /dev/null
dotnet build -c Release -v q --nologo test/Unseen.Fuzz
artifacts/bin/Unseen.Fuzz/release_linux-x64/Unseen.Fuzz seeds "$reader" "$work/seeds"
[[ -z ${SEEDS:-} ]] || cp "$SEEDS"/* "$work/seeds"
# The instrumented libraries must not be the hard-linked ones of the build.
rm -rf "$program" && cp -rl artifacts/bin/Unseen.Fuzz/release_linux-x64 "$program"
instrument() {
    cp "$program/$1.dll" "$program/$1.copy" && mv "$program/$1.copy" "$program/$1.dll"
    dotnet sharpfuzz "$program/$1.dll" "$2" > /dev/null
}
instrument Unseen Unseen.Data.Formats
instrument PureHDF PureHDF
TMPDIR=$work AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1 \
    DOTNET_TieredPGO=0 afl-fuzz -V "$seconds" -t 10000 -m none -i "$work/seeds" -o "$work/found" -- "$program/Unseen.Fuzz" afl "$reader" > "$work/log"
awk -F ' *: ' '$1 ~ /^(execs_done|corpus_count|edges_found|saved_crashes|saved_hangs)$/ { print $1 ": " $2; if ($1 ~ /^saved/) bad += $2 } END { exit bad > 0 }' \
    "$work/found/default/fuzzer_stats"
