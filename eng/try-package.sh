#!/usr/bin/env bash
# Packs the library and the command, and uses both as a stranger would: installs the command as a .NET tool, and with it draws a small dataset, extracts
# features, trains and predicts; compiles and runs the README's ten lines in a new console project that references the package. Nothing is published anywhere.
# Usage: eng/try-package.sh [keep]      `keep` leaves the scratch folder for a look.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
version=0.0.0-try.$(date +%s)
cache=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
clean() {
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
