#!/usr/bin/env bash
# Deep learning on public data: nets from scratch and pretrained encoders beside the plain models.
#
#   BAKEOFF_DATA=... benchmarks/deep.sh [FOLDER [NAME...]]
#
# Writes FOLDER/NAME.html (default ./deep) and prints the seconds of each comparison. NAMEs are sst2
# (twelve contenders, the quick preset), cifar10 (5,000 + 2,000 pictures, one split), banking77,
# waimai_10k and stsb; default: all. What is there already is only shown again: remove FOLDER to
# measure anew. Needs the extras text, torch and tflite.
set -euo pipefail

what="sst2/, cifar10_jpg/, banking77/, waimai_10k/, stsb/ and weights/" kind=deep
all=(sst2 cifar10 banking77 waimai_10k stsb)
. "$(dirname "$0")/common.sh"

text="ngram-linear,encoder-static,encoder-frozen,encoder-finetuned"
for name in "${names[@]}"; do
  case "$name" in
    sst2)
      run_one sst2 "$BAKEOFF_DATA/sst2/train_sentences.tsv.gz" --valid "$BAKEOFF_DATA/sst2/dev.tsv.gz" \
        --test "$BAKEOFF_DATA/sst2/test.tsv.gz" --target label --preset quick --time 40m \
        --contenders "ngram-linear,ngram-lm,bm25-knn,word2vec-linear,encoder-static,encoder-frozen,text-cnn,lstm,transformer,encoder-finetuned" ;;
    cifar10)
      "$PYTHON" "$root/benchmarks/some_pictures.py" "$BAKEOFF_DATA/cifar10_jpg" "$out/cifar10" 5000 2000
      net="$(find "$BAKEOFF_DATA/weights" -name '*.tflite' | head -n 1)"
      run_one cifar10 "$out/cifar10/train.parquet" --test "$out/cifar10/test.parquet" --target label --kind classification \
        --image image --folds 1 --seeds 1 --time 30m \
        --contenders "pixels-linear,feature-net:$net,cnn,resnet,vit" ;;
    banking77)
      run_one banking77 "$BAKEOFF_DATA/banking77/train.tsv.gz" --test "$BAKEOFF_DATA/banking77/test.tsv.gz" \
        --target label --folds 1 --seeds 1 --time 40m --contenders "$text" ;;
    waimai_10k)
      run_one waimai_10k "$BAKEOFF_DATA/waimai_10k/all.tsv.gz" --target label --folds 1 --seeds 1 \
        --time 40m --contenders "$text,text-cnn" ;;
    stsb)
      run_one stsb "$BAKEOFF_DATA/stsb/train.tsv.gz" --valid "$BAKEOFF_DATA/stsb/dev.tsv.gz" \
        --test "$BAKEOFF_DATA/stsb/test.tsv.gz" --target score --text sentence1 --text sentence2 \
        --ignore genre --folds 1 --seeds 1 --time 40m \
        --contenders "pair-linear,encoder-static,encoder-frozen,encoder-finetuned" ;;
    *) echo "no comparison '$name'" >&2; exit 2 ;;
  esac
done
