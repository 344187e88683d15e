#!/usr/bin/env bash
# Packs the library and the command, and uses both as a stranger would: installs the command as a .NET tool, and with it draws a small dataset, extracts
# features, trains, predicts, explains, adds a class and serves; compiles and runs the README's ten lines in a new console project that references the package.
# Nothing is published anywhere.
# Usage: eng/try-package.sh [keep]      `keep` leaves the scratch folder for a look.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
version=0.0.0-try.$(date +%s)
cache=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
clean() {
    [[ -z ${server:-} ]] || kill "$server" 2> /dev/null || true
    rm -rf "${cache%/}"/unseen{,.cli,.cli.linux-x64}/"$version"
    [[ ${1:-} == keep ]] && echo "kept $scratch" || rm -rf "$scratch"
}
trap 'clean "${1:-}"' EXIT
part() { echo "== $1 ($(date +%T))"; }

part "pack"
dotnet pack "$root/src/Unseen" -c Release -v q --nologo -p:RunAnalyzers=false -p:Version="$version" -o "$scratch/packages"
dotnet pack "$root/src/Unseen.Cli" -c Release -v q --nologo -p:RunAnalyzers=false -p:Version="$version" -o "$scratch/packages"
(cd "$scratch/packages" && du -sh -- *)

part "the tool"
dotnet tool install Unseen.Cli --version "$version" --add-source "$scratch/packages" --tool-path "$scratch/tools"
unseen() { "$scratch/tools/unseen" "$@"; }
du -sh "$scratch/tools"
unseen doctor
cd "$scratch"
quietly() { "$@" 2> said.log || { cat said.log; exit 1; }; }
quietly unseen data render --tiny --out cub127
cp "$(find cub127/images -name '*.png' | sort | head -n 1)" bird.jpg
# An ONNX file that gives the mean colours of 7 x 7 cells, in place of a network of 14 MB.
base64 -d > mobilenetv2.onnx <<'ONNX'
CAc6fQpECgZwaXhlbHMSBG1hcHMiC0F2ZXJhZ2VQb29sKhUKDGtlcm5lbF9zaGFwZUAgQCCgAQcqEAoHc3RyaWRlc0AgQCCgAQcSBHRpbnlaJwoGcGl4ZWxzEh0KGwgBEhcKBxIFYmF0Y2gKAggDCgMI4AEKAwjgAWIGCgRtYXBzQgQKABAN
ONNX
quietly unseen extract --dataset cub127 --backbone mobilenetv2.onnx --out cub127.mobilenetv2.safetensors
quietly unseen train --dataset cub127 --features cub127.mobilenetv2.safetensors --method eszsl --out eszsl
test -s eszsl/report.html
quietly unseen predict eszsl bird.jpg
quietly unseen explain eszsl bird.jpg --out why
test -s why/explanation.html
quietly unseen classes eszsl add "Azure Finch" --describe "blue head color" --rest mean
unseen classes eszsl list | grep -q "^Azure Finch "

# Over the server the tool shows its page and names the picture: the same answer as predict gives.
"$scratch/tools/unseen" serve eszsl --urls http://127.0.0.1:0 > served.log 2> served-said.log &
server=$!
for _ in $(seq 600); do grep -q '^Serving at ' served.log && break; kill -0 "$server" || { cat served-said.log; exit 1; }; sleep 0.1; done
port=$(sed -n 's|^Serving at http://127\.0\.0\.1:\([0-9]*\).*|\1|p' served.log)
ask() {
    exec 3<> "/dev/tcp/127.0.0.1/$port"
    { printf '%s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\nContent-Type: image/jpeg\r\nContent-Length: %s\r\n\r\n' "$1" "$port" "$(wc -c < "$2")"; cat "$2"; } >&3
    cat <&3
    exec 3>&-
}
ask 'GET /' /dev/null > page.txt
head -n 1 page.txt | grep -q ' 200 ' && grep -qi '<!doctype html>' page.txt
ask 'POST /v1/classify?top=1' bird.jpg > answer.txt
head -n 1 answer.txt | grep -q ' 200 '
grep -qF "\"$(unseen predict eszsl bird.jpg --csv --top 1 2> said.log | sed -n '2s/^[^,]*,1,\([^,]*\),.*/\1/p')\"" answer.txt
kill "$server" && wait "$server"
server=

part "the library"
mkdir "$scratch/app"
cat > "$scratch/app/App.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    <RestoreAdditionalProjectSources>$scratch/packages</RestoreAdditionalProjectSources>
  </PropertyGroup>
  <ItemGroup><PackageReference Include="Unseen" Version="$version" /></ItemGroup>
</Project>
XML
# The block of C# that stands in the README, and a line that shows its result.
sed -n '/^```csharp$/,/^```$/p' "$root/README.md" | sed '1d;$d' > app/Program.cs
echo 'Console.WriteLine($"answer: {best.Class}");' >> app/Program.cs

check() {
    local said
    rm -rf runs
    said=$("$@")
    echo "$said"
    grep -q '^cvsc on ' <<< "$said" && grep -q '^answer: ' <<< "$said"
}
dotnet build app -v q --nologo -o built
check dotnet built/App.dll
dotnet publish app -v q --nologo -r linux-x64 --self-contained false -o published
check published/App
du -sh built published
echo "Both packages work: the tool from an empty folder, the library from a new project."
