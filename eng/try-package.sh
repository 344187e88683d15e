#!/usr/bin/env bash
# Packs the library, references the package from a new console project as a stranger would, builds, publishes and runs both.
# Usage: eng/try-package.sh [keep]      `keep` leaves the scratch folder for a look.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
version=0.0.0-try.$(date +%s)
cache=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
clean() {
    rm -rf "${cache%/}/unseen/$version"
    [[ ${1:-} == keep ]] && echo "kept $scratch" || rm -rf "$scratch"
}
trap 'clean "${1:-}"' EXIT

dotnet pack "$root/src/Unseen" -c Release -v q --nologo -p:Version="$version" -o "$scratch/packages"

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
cat > "$scratch/app/Program.cs" <<'CS'
using Microsoft.ML.OnnxRuntime;
using SkiaSharp;
using Unseen.Experiments;
using static TorchSharp.torch;

using var picture = new SKBitmap(2, 2);
using var product = eye(3).mm(ones(3, 1));
Console.WriteLine($"methods {string.Join(' ', MethodCatalog.All.Select(m => m.Id))}");
Console.WriteLine($"torch {product.sum().item<float>()}, skia {picture.Width}, onnx {OrtEnv.Instance().GetVersionString()}");
CS

check() {
    local said
    said=$("$@")
    echo "$said"
    grep -q '^torch 3, skia 2, onnx 1\.' <<< "$said"
}
dotnet build "$scratch/app" -v q --nologo -o "$scratch/built"
check dotnet "$scratch/built/App.dll"
dotnet publish "$scratch/app" -v q --nologo -r linux-x64 --self-contained false -o "$scratch/published"
check "$scratch/published/App"
du -sh "$scratch/built" "$scratch/published"
echo "The package works from a new project."
