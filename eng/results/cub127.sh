#!/usr/bin/env bash
# Runs the rows of docs/results/cub127.md, one after the other. A row that is finished is skipped, an interrupted one goes on where it stopped.
#
#   UNSEEN_DATA=../shared/data eng/results/cub127.sh RUNS [ROW...]     all rows, or the named ones
#   dotnet run eng/results/table.cs -- RUNS                            the table in Markdown
#
# RUNS also receives the feature stores. THREADS=N (default: all cores) sets the threads of a row, so that two rows can share a machine.
set -euo pipefail
runs=$(realpath -m "${1:?usage: eng/results/cub127.sh RUNS [ROW...]}"); shift
: "${UNSEEN_DATA:?set UNSEEN_DATA to the folder that holds cub127 and backbones}"
data=$(realpath "$UNSEEN_DATA")
cd "$(dirname "$0")/../.."
dotnet build -c Release -v q --nologo src/Unseen.Cli > /dev/null
unseen() { dotnet artifacts/bin/Unseen.Cli/release_linux-x64/Unseen.Cli.dll "$@"; }
mkdir -p "$runs"

store() { # backbone
    local out="$runs/cub127.$1.safetensors"
    [ -f "$out" ] || unseen extract --dataset "$data/cub127" --backbone "$data/backbones/$1.onnx" --out "$out" --resume
}

# cub127 with the sentence embeddings of its classes beside the attributes: the data folder itself is not written to.
sentences() {
    local folder="$runs/cub127-sentences" file
    [ -f "$folder/semantics/sentences.csv" ] || {
        mkdir -p "$folder"
        for file in "$data/cub127"/*; do ln -sfn "$file" "$folder/$(basename "$file")"; done
        unseen data import semantics --dataset "$folder" --name sentences --vectors "$data/xlsa17/CUB/sent_splits.mat" \
            --class-names "$data/xlsa17/CUB/att_splits.mat" > /dev/null
    }
    dataset=$folder
}

row() { job train report.json "$@"; }                  # name, stores, arguments of train
reproduction() { job "reproduce $1" reproduction.json "${@:2}"; }  # experiment, name, stores, arguments of reproduce

job() { # command, the file it ends with, name, stores, arguments
    local command=$1 result=$2 name=$3 stores=$4; shift 4
    if [ ${#wanted[@]} -gt 0 ] && [[ ! " ${wanted[*]} " == *" $name "* ]]; then return; fi
    [ -f "$runs/$name/$result" ] && { echo "$name: done"; return; }
    local features=() backbone
    for backbone in $stores; do store "$backbone"; features+=(--features "$runs/cub127.$backbone.safetensors"); done
    local dataset=$data/cub127
    [[ " $* " == *" --semantics sentences "* ]] && sentences
    echo "$name: $(date -u +%FT%TZ)"
    # shellcheck disable=SC2086  # "reproduce mlis-cub" is two words
    unseen $command --dataset "$dataset" "${features[@]}" "$@" --out "$runs/$name" --resume ${THREADS:+--threads "$THREADS"} \
        > "$runs/$name.txt" 2> "$runs/$name.log"
}

wanted=("$@")
m=mobilenetv2 r=resnet101v2-block3 seeds="--seeds 1,2,3"
code="--method cvsc --preset cvsc-code $seeds"
weights="featureWeights=[0.25,1]" # chosen on the validation classes, see docs/results/cub127.md

row mobilenetv2-ridge $m --method ridge
row mobilenetv2-eszsl $m --method eszsl
row mobilenetv2-sae $m --method sae
row mobilenetv2-cvsc-code $m $code
row mobilenetv2-cvsc-code-baseline $m --method cvsc --preset cvsc-code-baseline $seeds
row resnet101-7x7-eszsl $r --method eszsl
row resnet101-7x7-cvsc-code $r $code --set grid=7x7
row resnet101-7x7-cvsc-code-baseline $r --method cvsc --preset cvsc-code-baseline $seeds --set grid=7x7
row both-eszsl "$m $r" --method eszsl
row both-cvsc-code "$m $r" $code --set "$weights"
row both-cvsc-code-baseline "$m $r" --method cvsc --preset cvsc-code-baseline $seeds --set "$weights"
row mobilenetv2-cvsc-code-without-ccl $m $code --set options.cclWeight=0
row mobilenetv2-cvsc-code-without-sci $m $code --set options.sciWeight=0
row mobilenetv2-cvsc-code-without-tci $m $code --set options.tciWeight=0
row mobilenetv2-cvsc-paper $m --method cvsc --preset cvsc-paper $seeds
row mobilenetv2-cvsc-code-published $m $code --protocol published
row mobilenetv2-cvsc-code-bf16 $m $code --precision bf16
row mobilenetv2-cvsc-paper-baseline $m --method cvsc --preset cvsc-paper $seeds --set options.cclWeight=0 --set options.sciWeight=0 --set options.tciWeight=0
row resnet101-14x14-cvsc-code $r $code
row resnet101-14x14-cvsc-code-baseline $r --method cvsc --preset cvsc-code-baseline $seeds

for method in ale sje devise dazle msdn; do row mobilenetv2-$method $m --method $method $seeds; done
row mobilenetv2-dazle-published $m --method dazle $seeds --protocol published
row mobilenetv2-msdn-published $m --method msdn $seeds --protocol published
row mobilenetv2-msdn-no-distillation $m --method msdn $seeds --set options.distillationWeight=0
row mobilenetv2-msdnpp $m --method msdnpp $seeds --precision bf16
# Without what ADR 23 added: class vectors of length 1 that are not centred, the last weights.
uncentred="--method msdnpp $seeds --set options.attributeNormalisation=l2 --set training.weightAverage=0"
row mobilenetv2-msdnpp-uncentred $m $uncentred
# MSDN's start, shared vectors and shares: what MSDN++ was before that (ADR 18).
before="$uncentred --set options.sharedVectors=true --set options.visualInitialDeviation=0"
before="$before --set options.attributeShare=0.9 --set options.visualShare=0.1 --set options.counterfactual=random"
row mobilenetv2-msdnpp-before $m $before
row mobilenetv2-msdnpp-before-published $m $before --protocol published
row resnet101-7x7-msdnpp-before $r $before --set grid=7x7
row both-msdnpp-before "$m $r" $before --set "$weights"
for method in ridge eszsl sae; do row mobilenetv2-$method-sentences $m --method $method --semantics sentences; done
for method in ale sje devise; do row mobilenetv2-$method-sentences $m --method $method $seeds --semantics sentences; done
for method in ale sje devise; do
    row resnet101-7x7-$method $r --method $method $seeds
    row both-$method "$m $r" --method $method $seeds
done
for method in dazle msdn; do row resnet101-7x7-$method $r --method $method $seeds --set grid=7x7; done
for method in dazle msdn; do row both-$method "$m $r" --method $method $seeds --set "$weights"; done
row mobilenetv2-msdnpp-uncentred-published $m $uncentred --protocol published
row mobilenetv2-msdnpp-uncentred-folds $m $uncentred --folds all
row resnet101-7x7-msdnpp-uncentred $r $uncentred --set grid=7x7
row both-msdnpp-uncentred "$m $r" $uncentred --set "$weights"
# With averages of the weights, class vectors not centred.
row mobilenetv2-msdnpp-average $m --method msdnpp $seeds --set options.attributeNormalisation=l2 --precision bf16
row resnet101-7x7-msdnpp $r --method msdnpp $seeds --set grid=7x7 --precision bf16
row both-msdnpp "$m $r" --method msdnpp $seeds --set "$weights" --precision bf16

duet="--method duet --seeds 1,2 --set training.epochs=8"
row mobilenetv2-duet $m $duet
row mobilenetv2-duet-vision-only $m $duet --set options.useLanguage=false
row mobilenetv2-duet-no-grounding $m $duet --set options.groundingShare=0
row mobilenetv2-duet-no-acl $m $duet --set options.attributeContrastWeight=0
# One part at a time without ACL, as table 3 of the paper has it.
duet_no_acl="$duet --set options.attributeContrastWeight=0"
row mobilenetv2-duet-no-acl-no-cmr $m $duet_no_acl --set options.reconstructionWeight=0
row mobilenetv2-duet-no-acl-no-lwrs $m $duet_no_acl --set options.maskSampling=uniform
row mobilenetv2-duet-no-acl-no-rap $m $duet_no_acl --set options.pruningRatio=0
row mobilenetv2-duet-no-acl-no-con $m $duet_no_acl --set options.contrastWeight=0
row mobilenetv2-duet-no-acl-without-path $m $duet_no_acl --set options.visualSkip=false
row mobilenetv2-duet-no-acl-bf16 $m $duet_no_acl --precision bf16
row mobilenetv2-duet-vision-only-no-con $m $duet --set options.useLanguage=false --set options.contrastWeight=0
end="$duet --set options.vision=mobilenet-v2 --set options.visionWeights=$data/backbones/mobilenetv2-weights --set options.visionPreTraining=ImageNet-1k"
end="$end --set options.trainedVisionBlocks=3 --set options.attributeContrastWeight=0 --set training.learningRate=3e-4"
row mobilenetv2-duet-end-to-end "" $end
row mobilenetv2-duet-end-to-end-no-grounding "" $end --set options.groundingShare=0
row mobilenetv2-duet-end-to-end-reconstruction-01 "" $end --set options.reconstructionWeight=0.1
row mobilenetv2-duet-end-to-end-reconstruction-01-no-con "" $end --set options.reconstructionWeight=0.1 --set options.contrastWeight=0
row mobilenetv2-duet-end-to-end-reconstruction-01-no-lwrs "" $end --set options.reconstructionWeight=0.1 --set options.maskSampling=uniform
row mobilenetv2-duet-end-to-end-reconstruction-01-no-rap "" $end --set options.reconstructionWeight=0.1 --set options.pruningRatio=0
row mobilenetv2-duet-end-to-end-no-cmr "" $end --set options.reconstructionWeight=0
# With the contrast of attributes at its default weight.
row mobilenetv2-duet-end-to-end-reconstruction-01-acl "" ${end/ --set options.attributeContrastWeight=0/} --set options.reconstructionWeight=0.1
row mobilenetv2-duet-end-to-end-vision-only "" $end --set options.useLanguage=false
row mobilenetv2-duet-end-to-end-vision-only-no-con "" $end --set options.useLanguage=false --set options.contrastWeight=0

# Generative methods take an hour a seed on one thread: one seed each.
row mobilenetv2-mlis $m --method mlis --preset mlis-cub --seeds 1 --set training.epochs=36
row mobilenetv2-f-clswgan $m --method f-clswgan --seeds 1
length1="--set options.attributeNormalisation=l2" # before class vectors as they are became the default of CE-GZSL
row mobilenetv2-ce-gzsl $m --method ce-gzsl $length1 --seeds 1 --set training.batchSize=256 --set training.epochs=20 --set training.evaluateEvery=2
row mobilenetv2-ce-gzsl-published $m --method ce-gzsl $length1 --seeds 1 --set training.batchSize=256 --set training.epochs=20 --set training.evaluateEvery=2 --protocol published
# The classifier as the authors' code trains it, stopped early: does the choice of its epoch on test explain their figures?
row mobilenetv2-ce-gzsl-published-classifier-5 $m --method ce-gzsl $length1 --seeds 1 --set training.batchSize=256 --set training.epochs=20 --set training.evaluateEvery=2 --protocol published \
    --set options.classifier.batchSize=100 --set options.classifier.epochs=5
# Class vectors as they are in the dataset, 0 to 1.
row mobilenetv2-ce-gzsl-unscaled $m --method ce-gzsl --seeds 1 --set training.batchSize=256 --set training.epochs=20 --set training.evaluateEvery=2
row mobilenetv2-ce-gzsl-published-unscaled $m --method ce-gzsl --seeds 1 --set training.batchSize=256 --set training.epochs=20 --set training.evaluateEvery=2 --protocol published
row mobilenetv2-mlis-unscaled $m --method mlis --preset mlis-cub --seeds 1 --set training.epochs=36 --set options.attributeNormalisation=none --precision bf16
for method in f-clswgan ce-gzsl mlis; do row mobilenetv2-$method-sentences $m --method $method --seeds 1 --semantics sentences; done

# In small, three seeds: 512 wide, learning rate 1e-3. CE-GZSL has the epochs that take about as long as MLIS's.
narrow="--seeds 1,2,3 --set training.learningRate=1e-3 --set options.generatorWidth=512 --set options.criticWidth=512"
narrow_mlis="--method mlis --preset mlis-cub $narrow --set options.encoderWidth=512 --set training.epochs=24 --set training.evaluateEvery=4"
narrow_f="--method f-clswgan $narrow --set training.epochs=24 --set training.evaluateEvery=4"
narrow_ce="--method ce-gzsl $length1 $narrow --set options.encoderWidth=512 --set options.projectionWidth=128 --set options.comparatorWidth=512"
narrow_ce="$narrow_ce --set training.batchSize=256 --set training.epochs=60 --set training.evaluateEvery=10"
row mobilenetv2-mlis-small $m $narrow_mlis
row mobilenetv2-f-clswgan-small $m $narrow_f
row mobilenetv2-ce-gzsl-small $m $narrow_ce
row mobilenetv2-mlis-small-sentences $m $narrow_mlis --semantics sentences
centred="--set options.attributeNormalisation=centred-l2"
row mobilenetv2-mlis-small-centred $m $narrow_mlis $centred
row mobilenetv2-mlis-small-sentences-centred $m $narrow_mlis --semantics sentences $centred
row mobilenetv2-f-clswgan-small-centred $m $narrow_f $centred
row mobilenetv2-f-clswgan-small-sentences-centred $m $narrow_f --semantics sentences $centred
row mobilenetv2-f-clswgan-small-sentences $m $narrow_f --semantics sentences
row mobilenetv2-ce-gzsl-small-sentences $m $narrow_ce --semantics sentences

# The tables and figures of MLIS in small: about five minutes a run instead of an hour.
small="--semantics attributes --protocol clean --seeds 1 --set training.epochs=12 --set training.evaluateEvery=4 --set training.learningRate=1e-3"
for width in generator critic encoder; do small="$small --set options.${width}Width=512"; done
reproduction mlis-cub mlis-small $m $small --ablation --curves
# The tables with the paper's semantics, centred, without which a generator learns little from them.
reproduction mlis-cub mlis-small-sentences-centred $m ${small/attributes/sentences} $centred --ablation
