#!/usr/bin/env bash
# Five decisions on public data against the answers of a real large language model.
#
#   BAKEOFF_DATA=... benchmarks/decisions.sh [FOLDER [NAME...]]
#
# Writes FOLDER/NAME.html (default ./decisions) and prints the seconds of each decision. NAMEs are
# sst2, banking77, trec6, stsb, waimai_10k; default: all. A decision that is there already is only
# shown again: remove FOLDER to measure anew.
#
# The model and its price are not recorded. ASSUMED: 2.50 dollars per million prompt tokens and 10
# dollars per million answer tokens, a zero-shot prompt of 180 tokens and an answer of 5 (banking77:
# 700 and 8, because the prompt lists 77 names). In dollars per 1,000 rows:
#   all but banking77   180 x 2.50 / 1,000 + 5 x 10 / 1,000 = 0.45  + 0.05 = 0.50
#   banking77           700 x 2.50 / 1,000 + 8 x 10 / 1,000 = 1.75  + 0.08 = 1.83
set -euo pipefail

what="sst2/, banking77/, trec6/, stsb/, waimai_10k/ and llm_answers/" kind=decisions
all=(sst2 banking77 trec6 stsb waimai_10k)
. "$(dirname "$0")/common.sh"

decide() {
  run_one "$@" --answers-origin llm --volume 100k/month
}

for name in "${names[@]}"; do
  data="$BAKEOFF_DATA/$name" answers="$BAKEOFF_DATA/llm_answers/${name}_test.tsv"
  case "$name" in
    sst2)
      decide sst2 "$data/train_sentences.tsv.gz" --valid "$data/dev.tsv.gz" \
        --test "$data/test.tsv.gz" --target label --answers "$answers" --answers-price 0.50/1000
      ;;
    banking77)
      decide banking77 "$data/train.tsv.gz" --test "$data/test.tsv.gz" \
        --target label --answers "$answers" --answers-price 1.83/1000
      ;;
    trec6)
      decide trec6 "$data/train.tsv.gz" --test "$data/test.tsv.gz" \
        --target label --answers "$answers" --answers-price 0.50/1000
      ;;
    stsb)
      decide stsb "$data/train.tsv.gz" --valid "$data/dev.tsv.gz" --test "$data/test.tsv.gz" \
        --text sentence1 --text sentence2 --target score \
        --answers "$answers" --answers-price 0.50/1000
      ;;
    waimai_10k)
      # No official split: the answered rows are held out first and never trained on.
      decide waimai_10k "$data/all.tsv.gz" --target label \
        --answers "$BAKEOFF_DATA/llm_answers/waimai_all.tsv" --answers-price 0.50/1000
      ;;
    *)
      echo "no decision '$name': sst2, banking77, trec6, stsb or waimai_10k" >&2
      exit 2
      ;;
  esac
done
