# Two commands: `make demo` and `make test`. Each sets up everything by itself.
# They need Python 3.11 or newer, make, and the package registry; nothing else.
PYTHON ?= python3
VENV ?= .venv
# A wheel index to take torch from, for example PyTorch's own index of CPU builds: without a GPU it
# spares several gigabytes of CUDA libraries. Empty: what the package registry gives.
TORCH_INDEX ?=
BIN := $(VENV)/bin
LANGUAGE ?= en

.PHONY: demo test check setup setup-dev clean

demo: setup  ## decide whether sorting docstrings needs a large language model
	$(BIN)/bakeoff demo --lang $(LANGUAGE)

test: setup-dev  ## run the default tests
	$(BIN)/python -m pytest -n auto --dist loadfile

check: setup-dev  ## lint, types, import walls
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

setup: $(VENV)/.installed
setup-dev: $(VENV)/.installed-dev

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(if $(TORCH_INDEX),$(BIN)/python -m pip install --quiet -c constraints.txt --index-url $(TORCH_INDEX) torch)
	$(BIN)/python -m pip install --quiet -c constraints.txt -e ".[text,torch]"
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	$(BIN)/python -m pip install --quiet -c constraints.txt -r requirements-dev.txt
	touch $@

clean:
	rm -rf $(VENV) runs
