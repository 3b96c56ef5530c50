# The local cluster and the official conformance suite. Included by the Makefile.
.PHONY: cluster-up cluster-down kubectl conformance

cluster-up: jar ## Start a one-node Kubernetes of local processes
	@conformance/cluster up

cluster-down: ## Stop it
	@conformance/cluster down

kubectl: ## kubectl in it: make kubectl ARGS='get pods -A'
	@conformance/cluster kubectl $(ARGS)

conformance: jar ## Official Gateway API suite: PROFILES=, RUN=, SPRING_STAGE=forced, KEEP=yes
	@conformance/run
