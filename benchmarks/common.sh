# What the benchmarks on public data share; sourced after `what` (the folders needed), `kind` (the
# default folder of results) and `all` (every NAME) are set: gives $root, $PYTHON, $out and names.
if [ -z "${BAKEOFF_DATA:-}" ]; then
  echo "BAKEOFF_DATA is not set: name the folder that holds $what" >&2
  exit 2
fi
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
if [ -z "${PYTHON:-}" ]; then
  PYTHON=python3
  [ -x "$root/.venv/bin/python" ] && PYTHON="$root/.venv/bin/python"
fi
out="${1:-$kind}"
[ $# -gt 0 ] && shift
names=("$@")
[ $# -eq 0 ] && names=("${all[@]}")
mkdir -p "$out"

# run_one NAME ARGUMENTS...: compare, keep the page as $out/NAME.html, print the seconds.
run_one() {
  local name="$1" began=$SECONDS code=0
  shift
  "$PYTHON" -m bakeoff run "$@" --name "$name" --out "$out/runs/$name" || code=$?
  if [ "$code" -ne 0 ] && [ "$code" -ne 3 ]; then
    echo "$name: exit code $code" >&2
    exit "$code"
  fi
  cp "$out/runs/$name/report.html" "$out/$name.html"
  echo "$name: $((SECONDS - began)) s, $out/$name.html"
}
