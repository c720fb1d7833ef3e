# What `make TARGET` does; `make help` prints this. Swift 6.2 or later, apt-get (Debian) and root or sudo for the C libraries.
#
# run       builds for release and serves weights/ on 127.0.0.1:8080 (SERVE="--port 9000 …" for other options of fovea serve)
# build     the release executable, .build/release/fovea
# manual    builds for release; then the manual page and completions for bash, zsh and fish, in .build/share
# install   copies what manual has made under PREFIX (/usr/local, so with sudo); needs no Swift
# libraries installs the C libraries that are missing; run, build and test do so too
#
# test      builds and runs the tests; those whose tools or files are missing here are skipped
# lint      swift-format and house rules, as checked in; format rewrites the sources
# kernels   the kernels' tests with twenty times the cases
# recipes   the tests of the training recipes; installs PyTorch in .build/recipes
# instructions  that no code outside an instruction set's kernels uses it (objdump)
# fuzz      libFuzzer over everything that parses bytes from outside, five minutes in all
# sanitize  the tests under the address and the thread sanitizer
# soak      half an hour of good and bad traffic; also overload, shell, drains, reloads, idle, overhead, maps, explanations, secured (scripts/fire --help)
#
# checks    all of the following but check-container; needs curl, installs Python packages in .build/checks
# check-protocol check-numpy check-metrics check-openapi   a server of their own, and others' clients and parsers
# check-page       the page in headless Chromium; needs chromium
# check-tls        protocols, ciphers and known attacks, against a server of its own; needs openssl
# check-docs       runs the documents' commands; needs kubectl, and PyTorch in .build/checks (pip install torch)
# check-deploy     the manifests; skips parts whose tool is missing: kubectl, promtool, systemd-analyze
# check-container  builds the image and runs it; needs docker or podman (ENGINE=podman)
#
# accuracy   each shipped model on labelled pictures (PICTURES=FOLDER)
# figure     attention over pictures, from a running server (PICTURES="a.jpg b.jpg" MODEL=… OUT=…); needs Pillow
# benchmarks the engine beside PyTorch, ONNX Runtime and OpenVINO, which it installs in .build/benchmarks
# serving    the server beside FastAPI, uvicorn and ONNX Runtime

SWIFT ?= swift
SERVE ?=
BENCHMARKS ?=
SERVING ?=
PREFIX ?= /usr/local

# Whether the check-* scripts find what scripts/requirements.txt names here; else make installs it in .build/checks.
CHECKS_PYTHON ?= .build/checks/bin/python
CAT = docs/images/cat.jpg

# The default.
.DEFAULT_GOAL := run

.PHONY: help checks check-protocol check-tls check-numpy check-metrics check-openapi check-page check-docs check-deploy check-container run build test manual install accuracy figure benchmarks serving recipes kernels instructions overload shell drains reloads idle overhead maps explanations secured soak fuzz sanitize format lint libraries

help:
	@sed -n '2,/^$$/{/^#/s/^# \{0,1\}//p}' $(firstword $(MAKEFILE_LIST))

# The first shipped model by name, which would be the default, has no attention map over the picture. Other folders need not have this one.
run: export FOVEA_DEFAULT_MODEL ?= $(if $(findstring --models,$(SERVE))$(FOVEA_MODELS),,vgg16-local-cifar10)
run: build
	.build/release/fovea serve $(SERVE)

build: libraries
	$(SWIFT) build -c release --product fovea

# A folder with jpegs/ and pngsuite/, larger collections of pictures; their tests are skipped where it does not exist.
export FOVEA_PICTURES ?= $(abspath $(wildcard ../shared/data))

# One test at a time: those that check time-outs must not wait for a processor behind others.
test: libraries
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --no-parallel
	@! command -v python3 >/dev/null || python3 Benchmarks/tests.py
	@! command -v python3 >/dev/null || python3 weights/recipes/tests.py

# The manual page and the shells' completions, in .build/share.
manual: build
	$(SWIFT) package plugin generate-manual
	mkdir -p .build/share/man/man1 .build/share/bash-completion/completions .build/share/zsh/site-functions .build/share/fish/vendor_completions.d
	cp .build/plugins/GenerateManual/outputs/fovea/fovea.1 .build/share/man/man1/
	.build/release/fovea --generate-completion-script bash > .build/share/bash-completion/completions/fovea
	.build/release/fovea --generate-completion-script zsh > .build/share/zsh/site-functions/_fovea
	.build/release/fovea --generate-completion-script fish > .build/share/fish/vendor_completions.d/fovea.fish

# The executable, its manual and its completions under PREFIX; deploy/systemd expects /usr/local. Builds nothing, since sudo's PATH rarely has Swift.
install:
	@test -d .build/share || { echo "make install copies what make manual has built: run that first, as yourself." >&2; exit 1; }
	install -D .build/release/fovea $(DESTDIR)$(PREFIX)/bin/fovea
	cp -R --no-preserve=ownership .build/share $(DESTDIR)$(PREFIX)/

# The accuracy of each shipped model on a labelled folder, FOLDER/<label>/<picture>.
accuracy: build
	@test -n "$(PICTURES)" || { echo "make accuracy PICTURES=FOLDER (weights/recipes/cifar10_pngs.py writes one)" >&2; exit 64; }
	scripts/accuracy "$(PICTURES)"

# A figure like README's from a running server (SERVER=URL): a row for each of PICTURES, a column for each map of MODEL. Needs Python's Pillow.
# README's own is of four photographs, of which three are not in this repository (docs/images/ORIGIN.md).
figure: | .build
	python3 docs/figures/attention.py $(or $(PICTURES),docs/images/cat.jpg) --out $(or $(OUT),.build/attention.png) \
		--model $(or $(MODEL),vgg16-local-cifar10) --server $(or $(SERVER),http://127.0.0.1:8080)

.build:
	mkdir -p $@

# FIRE='--rounds 20' and the like go to the script.
overload shell drains reloads idle overhead maps explanations secured soak: build
	scripts/fire $@ $(FIRE)

fuzz: libraries
	scripts/fuzz $(FUZZ)

# Fovea beside PyTorch, ONNX Runtime and OpenVINO: make benchmarks BENCHMARKS="--rounds 3"; Benchmarks/README.md has the details.
benchmarks: build .build/benchmarks/installed
	.build/benchmarks/bin/python Benchmarks/run $(BENCHMARKS)

.build/benchmarks/installed: Benchmarks/requirements.txt weights/recipes/requirements.txt
	python3 -m venv .build/benchmarks
	.build/benchmarks/bin/pip install --quiet --requirement Benchmarks/requirements.txt
	touch $@

# The recipes train on a handful of pictures, and the server reads what they export.
recipes: build .build/recipes/installed
	FOVEA=$(CURDIR)/.build/release/fovea .build/recipes/bin/python weights/recipes/tests.py

.build/recipes/installed: weights/recipes/requirements.txt
	python3 -m venv .build/recipes
	.build/recipes/bin/pip install --quiet --requirement weights/recipes/requirements.txt
	touch $@

# Fovea beside FastAPI, uvicorn and ONNX Runtime, answering the same clients: make serving SERVING="--seconds 5"; needs what benchmarks needs.
serving: build .build/benchmarks/installed .build/benchmarks/serving
	cd Benchmarks && for network in odresnet18 vgg16-local; do $(CURDIR)/.build/benchmarks/bin/python -W ignore prepare.py $$network $(CURDIR)/.build/benchmarks/cache 1 || exit 1; done
	.build/benchmarks/bin/python Benchmarks/serving/run --cache .build/benchmarks/cache $(SERVING)

.build/benchmarks/serving: Benchmarks/serving/requirements.txt .build/benchmarks/installed
	.build/benchmarks/bin/pip install --quiet --requirement Benchmarks/serving/requirements.txt
	touch $@

# Each kernel of blocked maps on at least 2,000 random cases for each instruction set of this machine, and each row-major convolution on as many,
# against their references.
kernels: libraries
	FOVEA_CASES=20 $(SWIFT) test -c release -Xswiftc -enable-testing --scratch-path .build/kernels --filter FoveaKernelsTests --filter FoveaComputeTests

# That no code outside the kernels of an instruction set uses it.
instructions: build
	scripts/check-instruction-sets

checks: check-protocol check-tls check-numpy check-metrics check-openapi check-page check-docs check-deploy

# FOVEA names another executable than the release build's.
check-protocol check-numpy check-metrics: $(if $(FOVEA),,build) $(CHECKS_PYTHON)
	$(CHECKS_PYTHON) scripts/with-server $(CHECKS_PYTHON) scripts/$@ URL $(CAT)

check-tls: $(if $(FOVEA),,build)
	python3 scripts/check-tls --server $(or $(FOVEA),.build/release/fovea)

check-page: $(if $(FOVEA),,build) $(CHECKS_PYTHON)
	$(CHECKS_PYTHON) scripts/with-server $(CHECKS_PYTHON) scripts/check-page URL $(CAT) .build/screenshots
	$(CHECKS_PYTHON) scripts/with-server --closed $(CHECKS_PYTHON) scripts/check-page --closed URL TOKEN

# REQUESTS for each operation; PROTOCOL=FILE also walks the Open Inference Protocol's own document.
REQUESTS ?= 100
check-openapi: $(if $(FOVEA),,build) $(CHECKS_PYTHON)
	$(CHECKS_PYTHON) scripts/with-server $(CHECKS_PYTHON) scripts/check-openapi URL $(REQUESTS) TOKEN $(PROTOCOL)
	$(CHECKS_PYTHON) scripts/with-server --closed $(CHECKS_PYTHON) scripts/check-openapi --closed URL $(REQUESTS) TOKEN

check-docs: $(if $(FOVEA),,build) $(CHECKS_PYTHON)
	PATH="$(abspath $(dir $(CHECKS_PYTHON))):$$PATH" $(CHECKS_PYTHON) scripts/check-docs

# CRDS names a folder with the CustomResourceDefinitions of KServe and of Prometheus' operator.
check-deploy: $(CHECKS_PYTHON)
	PATH="$(abspath $(dir $(CHECKS_PYTHON))):$$PATH" CRDS="$(CRDS)" scripts/check-deploy

# ENGINE=podman for another engine than docker.
check-container:
	$(or $(ENGINE),docker) build -t fovea:0.1.0 .
	scripts/check-container fovea:0.1.0 $(CAT)

.build/checks/bin/python: scripts/requirements.txt
	python3 -m venv .build/checks
	.build/checks/bin/pip install --quiet --requirement scripts/requirements.txt
	touch $@

sanitize: libraries
	scripts/sanitize $(SANITIZE)

format:
	$(SWIFT) format format --in-place --parallel --recursive Package.swift Sources Tests Fuzz/Package.swift Fuzz/Sources

lint:
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests Fuzz/Package.swift Fuzz/Sources
	@! grep -rnE '^(public |internal |package )?import Foundation$$' Sources || \
		{ echo "Foundation brings 40 MB of ICU along: import FoundationEssentials, Glibc or FoveaSystem." >&2; exit 1; }

libraries:
	@scripts/install-libraries
