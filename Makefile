# make run     installs what is missing of the C libraries, builds for release, serves weights/ on 127.0.0.1:8080
# make install builds, then puts the executable, the manual page and completions under PREFIX (/usr/local)
# make test    installs, builds and runs every test
# make figure   README's figure, drawn from a running server
# make kernels  the kernels' tests, of both layouts, with twenty times the cases
# make recipes  the tests of the training recipes, which need PyTorch; make test runs those that do not
# make fuzz     five minutes of libFuzzer over whatever reads bytes from outside
# make sanitize the tests under the address and the thread sanitizer
# make soak     half an hour of good and bad traffic; so are overload, shell, drains, reloads, idle, overhead and maps: scripts/fire --help
# make checks   what the field's clients, parsers and browsers ask of a running server, and what documents and manifests promise
# README.md tells the rest.

SWIFT ?= swift
SERVE ?=
BENCHMARKS ?=
SERVING ?=
PREFIX ?= /usr/local

# Whether the check-* scripts find what scripts/requirements.txt names here; else make installs it in .build/checks.
CHECKS_PYTHON ?= .build/checks/bin/python
CAT = docs/images/cat.jpg

.PHONY: checks check-protocol check-tls check-numpy check-metrics check-openapi check-page check-docs check-deploy check-container run build test manual install accuracy figure benchmarks serving recipes kernels instructions overload shell drains reloads idle overhead maps soak fuzz sanitize format lint libraries

run: build
	.build/release/fovea serve $(SERVE)

build: libraries
	$(SWIFT) build -c release --product fovea

# Larger collections of pictures, whose tests are left out where there is none: the folder of jpegs/ and pngsuite/.
export FOVEA_PICTURES ?= $(abspath $(wildcard ../shared/data))

# One test after the other: those that watch time-outs must not wait for a processor behind the others.
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

# The executable, its manual and its completions under PREFIX; deploy/systemd expects /usr/local.
install: manual
	install -D .build/release/fovea $(DESTDIR)$(PREFIX)/bin/fovea
	cp -R --no-preserve=ownership .build/share $(DESTDIR)$(PREFIX)/

# The share of a labelled folder (FOLDER/<label>/<picture>) that each shipped model names rightly.
accuracy: build
	@test -n "$(PICTURES)" || { echo "make accuracy PICTURES=FOLDER (weights/recipes/cifar10_pngs.py writes one)" >&2; exit 64; }
	scripts/accuracy "$(PICTURES)"

# README's figure from a running server (SERVER=URL): a row for each of PICTURES. Needs Python's Pillow.
figure:
	python3 docs/figures/attention.py $(or $(PICTURES),docs/images/cat.jpg) --out $(or $(OUT),docs/images/attention.png) --server $(or $(SERVER),http://127.0.0.1:8080)

# FIRE='--rounds 20' and the like go to the script.
overload shell drains reloads idle overhead maps soak: build
	scripts/fire $@ $(FIRE)

fuzz: libraries
	scripts/fuzz $(FUZZ)

# Fovea beside PyTorch, ONNX Runtime and OpenVINO: make benchmarks BENCHMARKS="--rounds 3"; Benchmarks/README.md tells the rest.
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
