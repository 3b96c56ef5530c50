# Targets of Sluice. `make` alone prints this help.
SHELL := /usr/bin/env bash -euo pipefail

# A JDK 25: JAVA_HOME, else the usual install folders.
JDK := $(shell .ci/find-jdk 25)
ifneq ($(JDK),)
export JAVA_HOME := $(JDK)
endif
MVN := ./mvnw --batch-mode --no-transfer-progress
JAR := target/sluice.jar

.DEFAULT_GOAL := help
.PHONY: help jdk format check test test-integration golden run jar aot image image-anew image-test bench attack clean

help: ## Show this help
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

jdk:
	@.ci/find-jdk 25 >/dev/null || { \
	  echo "Sluice needs a JDK 25, and none was found in JAVA_HOME or the usual install folders."; \
	  echo "Install one, for example Temurin 25 (https://adoptium.net), or set JAVA_HOME."; exit 1; } >&2

format: jdk ## Format the sources
	$(MVN) -q spotless:apply

check: jdk ## Format check, compile with Error Prone and NullAway, architecture and translation tests
	$(MVN) -q spotless:check test -Dtest='ArchitectureTest,PackageMapTest,Translation*Test'

test: jdk ## All tests; needs nothing but the JDK
	$(MVN) spotless:check test

KEYCLOAK := 26.7.3

test-integration: jdk ## Tests against a real Keycloak, which is fetched from Maven Central (180 MB) and started
	@[ -d target/integration/keycloak-$(KEYCLOAK) ] || $(MVN) -q dependency:unpack -DoutputDirectory=target/integration \
	  -Dartifact=org.keycloak:keycloak-quarkus-dist:$(KEYCLOAK):zip
	$(MVN) test -Dtest='*IT' -Dkeycloak.home=$(CURDIR)/target/integration/keycloak-$(KEYCLOAK) $(ARGS)

golden: jdk ## Rewrite the expected outputs of the translation tests, and the answers of docs/explain.md
	$(MVN) -q test -Dtest='TranslationGoldenTest,ExplainDocumentTest' -Dgolden.write=true

jar: jdk $(JAR) ## Build target/sluice.jar

$(JAR): pom.xml $(shell find src/main -type f 2>/dev/null)
	$(MVN) -q -DskipTests package
	@touch $@

aot: target/aot/sluice.aot ## Build target/aot: the jar unpacked, and an AOT cache trained under traffic

target/aot/sluice.aot: $(JAR) $(wildcard src/aot/*)
	@src/aot/train

IMAGE_TAR := target/image/sluice.tar

image: $(if $(BASE)$(IMAGE)$(FORMAT),image-anew,$(IMAGE_TAR)) ## Build target/image/sluice.tar without a container engine: BASE=, IMAGE=, FORMAT= as k8s/image/build says

image-anew: jar
	@BASE='$(BASE)' IMAGE='$(IMAGE)' FORMAT='$(FORMAT)' k8s/image/build

$(IMAGE_TAR): $(JAR) $(wildcard src/aot/*) k8s/image/build k8s/image/pom.xml k8s/base/kustomization.yaml
	@k8s/image/build

image-test: image ## Start that image as the manifests say until it answers; as root: ARGS='manifests options exhaustion qemu64'
	@k8s/image/test $(ARGS)

bench: jar aot ## Compare with nginx, Envoy and plain Spring Cloud Gateway: ARGS='--only plain --rounds 3'
	@bench/bench.py $(ARGS)

run: jar ## Serve config/ on this machine, with sample backends
	@# At a terminal in a process group of its own: Ctrl-C is for Sluice, which drains and ends with 0, and not for make.
	@run="$(JAVA_HOME)/bin/java $(JAVA_OPTIONS) -jar $(JAR) --spring.profiles.active=demo"; \
	  if [ -t 0 ]; then set -m; $$run; else exec $$run; fi

attack: aot ## Attack a running Sluice with the shipped options and memory limit: ARGS='-only h2-ping-flood'
	@attack/run $(ARGS)

include conformance/conformance.mk
include bench/bench.mk

clean: ## Remove what was built
	rm -rf target
